import { expect, test } from '@playwright/test';
import { fakeWebui, writeBlueprint } from '@aikore/testing';
import { complaintsOf, Console } from '../support/console';
import { useServer } from '../support/servers';

test.describe('the console', () => {
  const using = useServer();

  test.beforeAll(async () => {
    const { server } = using;
    await writeBlueprint(server.dataDir, 'Ticker.sh', fakeWebui({ spew: 5 }));
    await writeBlueprint(server.dataDir, 'Fails.sh', 'echo "CUDA out of memory"\nexit 3');
  });

  test('asks for the password, says when it is wrong, and logs out', async ({ page }) => {
    const console = new Console(page, using.server);
    await page.goto(using.server.url);
    await console.logIn('not the password');
    await expect(page.getByTestId('form-error')).toContainText('name or the password is wrong');
    await console.logIn();
    await console.isLive();
    await page.getByTestId('user-menu').click();
    await page.getByTestId('logout').click();
    await expect(page.getByTestId('login-form')).toBeVisible();
    await page.goto(using.server.url);
    await expect(page.getByTestId('login-form')).toBeVisible();
  });

  test('two browsers see the same change at once', async ({ browser }) => {
    const pages = await Promise.all(
      [browser.newContext(), browser.newContext()].map(async (made) => (await made).newPage()),
    );
    const [one, two] = pages.map((page) => new Console(page, using.server)) as [Console, Console];
    const complaints = pages.map(complaintsOf);
    await one.openLoggedIn();
    await two.openLoggedIn();
    await one.add('shared', 'Ticker');
    await expect(two.row('shared')).toBeVisible();
    await two.act('shared', 'start');
    await one.status('shared', 'started');
    await two.status('shared', 'started');
    await one.row('shared').getByTestId('edit-name').fill('renamed');
    await one.page.getByTestId('save-changes').click();
    // The app runs: the console says first what the change means for it.
    await one.page.getByTestId('confirm').click();
    await expect(two.row('renamed')).toBeVisible();
    await one.act('renamed', 'stop');
    await two.status('renamed', 'stopped');
    expect(complaints.flat().filter((text) => !/status of 401/.test(text))).toEqual([]);
    for (const page of pages) await page.context().close();
  });

  test('a log grows line by line, and can be searched', async ({ page }) => {
    const { server } = using;
    const { id } = await server.create({ name: 'ticker', base_blueprint: 'Ticker.sh' });
    await server.act(id, 'start', 'started');
    const console = new Console(page, server);
    await console.openLoggedIn();
    await console.act('ticker', 'logs');
    const last = console
      .logLines()
      .filter({ hasText: /^\s*line \d+/ })
      .last();
    await expect(last).toBeVisible();
    const before = Number(/\d+/.exec(await last.innerText())?.[0]);
    await expect(async () => {
      expect(Number(/\d+/.exec(await last.innerText())?.[0])).toBeGreaterThan(before + 10);
    }).toPass({ timeout: 15_000 });
    await page.getByTestId('log-search').fill('line 00000003');
    await expect(page.getByTestId('log-search-count')).toHaveText(/\/1$/);
    // The log grows meanwhile, and each growth looks for the text anew.
    await expect(async () => {
      await page.getByTestId('log-search').press('Enter');
      await expect(page.getByTestId('log-search-count')).toHaveText('1/1', { timeout: 1000 });
    }).toPass({ timeout: 15_000 });
    await expect(console.logLines().filter({ hasText: 'line 00000003' })).toBeVisible();
    await server.act(id, 'stop', 'stopped');
    await expect(page.getByTestId('log-state')).toContainText('This run ended');
  });

  test('a failed start shows its reason and its last lines', async ({ page }) => {
    const { server } = using;
    await server.create({ name: 'fails', base_blueprint: 'Fails.sh' });
    const console = new Console(page, server);
    await console.openLoggedIn();
    await console.act('fails', 'start');
    await console.status('fails', 'error');
    await console.chip('fails').click();
    await expect(page.getByTestId('status-card')).toContainText('exit code 3');
    await expect(page.getByTestId('status-lines')).toContainText('CUDA out of memory');
  });

  test('a name that is taken is said where it was typed', async ({ page }) => {
    const { server } = using;
    await server.create({ name: 'taken', base_blueprint: 'Ticker.sh' });
    const console = new Console(page, server);
    await console.openLoggedIn();
    await page.getByTestId('add-instance').click();
    await page.getByTestId('draft-name').fill('taken');
    await page.getByTestId('draft-blueprint').click();
    await page.getByTestId('picker-option').filter({ hasText: 'Ticker' }).first().click();
    await page.getByTestId('draft-create').click();
    await expect(page.getByTestId('draft-problem')).toContainText('taken');
  });

  test('loads nothing from anywhere else', async ({ page }) => {
    const foreign: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(using.server.url) && !/^(data|blob):/.test(request.url()))
        foreign.push(request.url());
    });
    await new Console(page, using.server).openLoggedIn();
    await page.getByTestId('tool-logs').click();
    expect(foreign.filter((url) => !url.startsWith(`ws://localhost:${using.server.port}/`))).toEqual([]);
  });
});
