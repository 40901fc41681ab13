import { createHash } from 'node:crypto';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { fakeWebui, writeBlueprint } from '@aikore/testing';
import { seriousFindings } from '../support/axe';
import { complaintsOf, Console } from '../support/console';
import { note, useServer } from '../support/servers';

const megabytes = 10;

/** The terminals of the console. Without WebGL, so that what they show can be read; the strict policy matters most there. */
class Terminals {
  constructor(readonly page: Page) {}

  static async withoutGpu(page: Page): Promise<void> {
    await page.addInitScript(() => {
      const getContext = HTMLCanvasElement.prototype.getContext;
      HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...rest: unknown[]) {
        return kind === 'webgl2' ? null : (getContext as (...args: unknown[]) => unknown).call(this, kind, ...rest);
      } as typeof getContext;
    });
  }

  get shown(): Locator {
    return this.page.locator('ak-terminal-view:not(.away)');
  }
  get rows(): Locator {
    return this.shown.locator('.xterm-rows');
  }
  get tabs(): Locator {
    return this.page.getByTestId('terminal-tab');
  }

  async isLive(): Promise<void> {
    await expect(this.shown).toHaveAttribute('data-state', 'live');
  }

  async run(command: string): Promise<void> {
    await this.shown.locator('textarea').focus();
    await this.page.keyboard.type(command);
    await this.page.keyboard.press('Enter');
  }

  async closeLast(): Promise<void> {
    const before = await this.tabs.count();
    await this.page.getByTestId('terminal-close').last().click();
    await this.page.getByTestId('confirm').click();
    await expect(this.tabs).toHaveCount(before - 1);
  }

  /** As the browser does it for Ctrl+Shift+V. */
  async paste(text: string): Promise<void> {
    await this.shown.locator('textarea').evaluate((element, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, text);
  }
}

/** Runs in the page. @returns how many frames it draws in a second */
const framesOfASecond = (): Promise<number> =>
  new Promise((done) => {
    const end = performance.now() + 1000;
    let frames = 0;
    const count = (now: number): void => {
      frames += 1;
      if (now < end) requestAnimationFrame(count);
      else done(frames);
    };
    requestAnimationFrame(count);
  });

test.describe('terminals', () => {
  const using = useServer();
  let instanceId: number;

  test.beforeAll(async () => {
    const { server } = using;
    await writeBlueprint(server.dataDir, 'Ticker.sh', fakeWebui({ spew: 5 }));
    instanceId = (await server.create({ name: 'shelly', base_blueprint: 'Ticker.sh' })).id;
  });

  async function open(page: Page): Promise<Terminals> {
    await Terminals.withoutGpu(page);
    await new Console(page, using.server).openLoggedIn();
    await page.goto(`${using.server.url}/?tool=terminal&instance=${instanceId}`);
    const terminals = new Terminals(page);
    await terminals.isLive();
    return terminals;
  }

  async function closeAll(page: Page): Promise<void> {
    const terminals = new Terminals(page);
    while ((await terminals.tabs.count()) > 0) await terminals.closeLast();
    await expect(page.getByTestId('terminal-empty')).toContainText('No terminal is open');
  }

  test('a shell opens from the menu of the row, in the folder of the instance, and does what is typed', async ({
    page,
  }) => {
    const complaints = complaintsOf(page);
    // On a light background a colour like that would be made darker, to be read.
    await page.emulateMedia({ colorScheme: 'dark' });
    await Terminals.withoutGpu(page);
    const console = new Console(page, using.server);
    await console.openLoggedIn();
    await console.row('shelly').getByTestId('action-menu').click();
    await page.getByRole('menuitem', { name: 'Terminal' }).click();
    const terminals = new Terminals(page);
    await terminals.isLive();
    // Nothing was clicked: the keys are its own already.
    await expect(terminals.shown.locator('textarea')).toBeFocused();
    await page.keyboard.type('echo "$(basename "$PWD") $((6 * 7))"');
    await page.keyboard.press('Enter');
    await expect(terminals.rows).toContainText('shelly 42');
    await terminals.run(
      String.raw`printf '\e[38;2;255;120;0mtrue''colour\e[0m \e]0;<b>a title</b>\a\e]52;c;aGFja2Vk\a\n'`,
    );
    const coloured = terminals.rows.locator('span', { hasText: /^truecolour/ });
    await expect(coloured).toHaveCSS('color', 'rgb(255, 120, 0)');
    await expect(page.getByTestId('terminal-title')).toHaveText('<b>a title</b>');
    // Not one style was refused by the policy.
    expect(complaints.filter((text) => !/status of 401/.test(text))).toEqual([]);
    await closeAll(page);
  });

  test('tabs outlive the page with what they showed, and two browsers see the same ones', async ({ page, browser }) => {
    const terminals = await open(page);
    await terminals.run('echo needle-"$((1))"; seq 1 400');
    await expect(terminals.rows).toContainText('400');
    await page.getByTestId('terminal-new').click();
    await expect(terminals.tabs).toHaveText(['Terminal 1', 'Terminal 2']);
    await terminals.isLive();

    const context = await browser.newContext();
    const other = await open(await context.newPage());
    await expect(other.tabs).toHaveText(['Terminal 1', 'Terminal 2']);
    await terminals.closeLast();
    // It was looked at there: it stays, and says what happened.
    await expect(other.page.getByTestId('terminal-ended')).toContainText('This terminal was closed.');
    await context.close();

    await page.reload();
    await terminals.isLive();
    await expect(terminals.rows).toContainText('400');
    await page.keyboard.press('Control+Shift+F');
    await page.keyboard.type('needle-1');
    await expect(page.getByTestId('terminal-search-count')).toHaveText('1/1');
    await expect(terminals.rows).toContainText('needle-1');
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('terminal-search')).toHaveCount(0);
    await expect(terminals.shown.locator('textarea')).toBeFocused();
    await closeAll(page);
  });

  test('one can leave it by keyboard, and it says how it ended', async ({ page }) => {
    const terminals = await open(page);
    await terminals.run('true');
    await page.keyboard.press('Control+Shift+F6');
    await expect(terminals.tabs.first()).toBeFocused();
    await page.keyboard.press('F2');
    await page.keyboard.type('mine');
    await page.keyboard.press('Enter');
    await expect(terminals.tabs.first()).toContainText('mine');
    await terminals.run('exit 3');
    await expect(page.getByTestId('terminal-ended')).toContainText('exit code 3');
    await page.getByTestId('terminal-again').click();
    await terminals.isLive();
    await expect(terminals.tabs).toHaveCount(2);
    await page.getByTestId('terminal-close').first().click();
    await closeAll(page);
  });

  for (const colorScheme of ['dark', 'light'] as const) {
    test(`axe finds nothing serious: ${colorScheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      const terminals = await open(page);
      await terminals.run('echo ready-"$((1))"');
      await expect(terminals.rows).toContainText('ready-1');
      expect(await seriousFindings(page, ['ak-tools-pane'])).toEqual([]);
      await page.getByTestId('terminal-more').click();
      await page.getByTestId('terminal-reader').click();
      await page.getByTestId('terminal-find').click();
      await expect(page.getByTestId('terminal-search')).toBeFocused();
      expect(await seriousFindings(page, ['ak-tools-pane'])).toEqual([]);
      await page.keyboard.press('Escape');
      await terminals.run('exit');
      await expect(page.getByTestId('terminal-ended')).toBeVisible();
      expect(await seriousFindings(page, ['ak-tools-pane'])).toEqual([]);
      await page.getByTestId('terminal-close').click();
      await expect(page.getByTestId('terminal-empty')).toBeVisible();
      expect(await seriousFindings(page, ['ak-tools-pane'])).toEqual([]);
    });
  }

  test(`a paste of ${megabytes} MB arrives whole, after a question`, async ({ page }) => {
    const terminals = await open(page);
    const line = `${'0123456789'.repeat(9)}abcdefghi\n`;
    const text = line.repeat((megabytes * 1_000_000) / line.length);
    await terminals.run(`stty -echo; head -c ${text.length} | md5sum; stty echo; echo done-"$((1))"`);
    await terminals.paste(text);
    await expect(page.getByTestId('confirm-dialog')).toContainText('10.0 million characters');
    const begin = Date.now();
    await page.getByTestId('confirm').click();
    await expect(terminals.rows).toContainText('done-1', { timeout: 60_000 });
    note('a paste of 10 MB', Date.now() - begin);
    await expect(terminals.rows).toContainText(createHash('md5').update(text).digest('hex'));
    await closeAll(page);
  });

  test('a flood leaves the page its own: Ctrl+C ends it', async ({ page }) => {
    const terminals = await open(page);
    await terminals.run('yes flood');
    await expect(terminals.rows).toContainText('flood');
    const frames = await page.evaluate(framesOfASecond);
    note('frames of a second under a flood', `${frames}`);
    expect(frames).toBeGreaterThan(10);
    const begin = Date.now();
    await page.keyboard.press('Control+c');
    await page.keyboard.type('echo over-"$((1))"');
    await page.keyboard.press('Enter');
    await expect(terminals.rows).toContainText('over-1');
    note('the end of a flood', Date.now() - begin);
    await closeAll(page);
  });

  test('a lost connection disables it and says so; a server that was started anew has ended it', async ({ page }) => {
    const terminals = await open(page);
    await terminals.run('echo before-"$((1))"');
    await expect(terminals.rows).toContainText('before-1');
    await using.server.kill9();
    await expect(page.getByTestId('terminal-lost')).toContainText('nothing can be typed until it is back');
    await using.server.boot();
    await expect(page.getByTestId('terminal-ended')).toContainText('no more', { timeout: 30_000 });
    await expect(terminals.rows).toContainText('before-1');
    await page.getByTestId('terminal-again').click();
    await terminals.isLive();
    await terminals.run('echo after-"$((1))"');
    await expect(terminals.rows).toContainText('after-1');
  });
});
