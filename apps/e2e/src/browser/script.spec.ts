import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { type Instance, routes } from '@aikore/contract';
import { adminLogin, fakeWebui, runSql, writeBlueprint } from '@aikore/testing';
import { complaintsOf, Console } from '../support/console';
import { useServer } from '../support/servers';

/** The script editor of one instance. */
class Editor {
  readonly content: Locator;

  constructor(
    readonly page: Page,
    private readonly url: string,
  ) {
    this.content = page.getByTestId('script-content');
  }

  async open({ id }: Pick<Instance, 'id'>): Promise<void> {
    await this.page.goto(`${this.url}/?tool=script&instance=${id}`);
    await expect(this.content).toBeVisible();
  }

  /** Types at the end of the script. */
  async append(text: string): Promise<void> {
    await this.content.click();
    await this.page.keyboard.press('Control+End');
    await this.page.keyboard.type(text);
  }

  async save(): Promise<void> {
    await this.content.click();
    await this.page.keyboard.press('Control+s');
  }

  state(text: string): Promise<void> {
    return expect(this.mark('state')).toContainText(text);
  }

  mark(name: string): Locator {
    return this.page.getByTestId(`script-${name}`);
  }
}

test.describe('the script editor', () => {
  const using = useServer();
  const create = (name: string) => using.server.create({ name, base_blueprint: 'App.sh' });
  const fileOf = ({ directory }: Instance) =>
    readFile(join(using.server.dataDir, 'instances', directory, 'launch.sh'), 'utf8');
  const editorOn = async (page: Page): Promise<Editor> => {
    await new Console(page, using.server).openLoggedIn();
    return new Editor(page, using.server.url);
  };
  /** As somebody else: another program. */
  const saveElsewhere = async ({ id }: Instance, line: string): Promise<void> => {
    const { content, etag } = await using.server.api.call(routes.readScript, { params: { id } });
    const body = { content: content.replace('\n', `\n${line}\n`), etag };
    await using.server.api.call(routes.saveScript, { params: { id }, body });
  };

  test.beforeAll(async () => {
    await writeBlueprint(using.server.dataDir, 'App.sh', fakeWebui(), { category: 'Tests' });
  });

  test('saves, asks about the restart of what runs, and the restart runs the new text', async ({ page }) => {
    const complaints = complaintsOf(page);
    const instance = await create('edited');
    const editor = await editorOn(page);
    await editor.open(instance);
    await editor.state('From the blueprint');
    await editor.append('# before the first start\n');
    await editor.state('Not saved');
    await editor.save();
    await editor.state('Saved');
    expect(await fileOf(instance)).toContain('# before the first start');
    await expect(page.getByTestId('confirm-dialog')).toHaveCount(0);

    await using.server.act(instance.id, 'start', 'started');
    const { run } = await using.server.get(instance.id);
    await editor.append('# while it runs\n');
    await editor.save();
    await expect(page.getByTestId('confirm-dialog')).toContainText('Restart “edited” now?');
    await page.keyboard.press('Escape');
    expect((await using.server.get(instance.id)).run?.id).toBe(run?.id);
    await editor.append('# again\n');
    await editor.save();
    await page.getByTestId('confirm').click();
    await using.server.untilInstance(
      instance.id,
      (now) => now.status === 'started' && now.run?.id !== run?.id,
      'the restart',
    );
    // Nothing was refused by the page's CSP: the editor brings its own styles.
    expect(complaints.filter((text) => !/status of 401/.test(text))).toEqual([]);
    await expect(page.locator('.cm-gutters')).toHaveCSS('display', 'flex');
  });

  test('shows both versions when somebody else saved, and either can win', async ({ page }) => {
    const instance = await create('conflict');
    const editor = await editorOn(page);
    await editor.open(instance);
    await saveElsewhere(instance, '# theirs 1');
    await expect(editor.content).toContainText('# theirs 1');
    await editor.append('# mine\n');
    await saveElsewhere(instance, '# theirs 2');
    await expect(editor.mark('theirs')).toBeVisible();
    await editor.save();
    const dialog = page.getByTestId('script-conflict');
    await expect(dialog).toContainText('# theirs 2');
    await expect(dialog).toContainText('# mine');
    await page.keyboard.press('Escape');
    await expect(editor.content).toContainText('# mine');
    await editor.state('Not saved');
    await editor.save();
    await page.getByTestId('conflict-mine').click();
    await editor.state('Saved');
    expect(await fileOf(instance)).toContain('# mine');
    expect(await fileOf(instance)).not.toContain('# theirs 2');

    await editor.append('# mine 2\n');
    await saveElsewhere(instance, '# theirs 3');
    await editor.save();
    await page.getByTestId('conflict-theirs').click();
    await expect(editor.content).toContainText('# theirs 3');
    await expect(editor.content).not.toContainText('# mine 2');
    await editor.state('Saved');
    // What was typed is an undo away.
    await editor.content.click();
    await page.keyboard.press('Control+z');
    await expect(editor.content).toContainText('# mine 2');
  });

  test('keeps unsaved changes through a reload, a lost session and a server that is away', async ({ page }) => {
    const { server } = using;
    const instance = await create('kept');
    const editor = await editorOn(page);
    await editor.open(instance);
    await editor.append('# typed once\n');
    const asked = page.waitForEvent('dialog').then(async (dialog) => {
      await dialog.accept();
      return dialog.type();
    });
    await page.reload();
    expect(await asked).toBe('beforeunload');
    await expect(editor.mark('restored')).toBeVisible();
    await expect(editor.content).toContainText('# typed once');

    // Both at once: the server goes away, and the session with it.
    await server.stop();
    await runSql(server.database, 'DELETE FROM sessions');
    await editor.append('# without a server\n');
    await editor.save();
    await expect(page.getByTestId('toast').filter({ hasText: 'The script was not saved' })).toBeVisible();
    await expect(editor.content).toContainText('# without a server');
    await server.boot();
    await page.getByTestId('session-password').fill(adminLogin.password);
    await page.getByTestId('session-submit').click();
    await new Console(page, server).isLive();
    await expect(editor.content).toContainText('# without a server');
    await editor.save();
    await editor.state('Saved');
    expect(await fileOf(instance)).toContain('# typed once\n# without a server\n');
    await page.reload();
    await expect(editor.content).toContainText('# without a server');
    await expect(editor.mark('restored')).toHaveCount(0);
  });

  test('asks which version goes on when the script changed since the draft', async ({ page }) => {
    const instance = await create('older');
    const editor = await editorOn(page);
    await editor.open(instance);
    await editor.append('# draft\n');
    await editor.state('Not saved');
    page.on('dialog', (dialog) => void dialog.accept());
    await page.goto('about:blank');
    await saveElsewhere(instance, '# newer');
    await editor.open(instance);
    await expect(editor.mark('older-draft')).toBeVisible();
    await expect(editor.content).toContainText('# newer');
    await editor.mark('compare-draft').click();
    await page.getByTestId('conflict-mine').click();
    await expect(editor.content).toContainText('# draft');
    await editor.save();
    await editor.state('Saved');
    expect(await fileOf(instance)).toContain('# draft');
  });

  test('compares with the blueprint, and goes back to it', async ({ page }) => {
    const instance = await create('reset');
    const editor = await editorOn(page);
    await editor.open(instance);
    await expect(editor.mark('reset')).toBeDisabled();
    await editor.append('# more\n');
    await editor.mark('diff-toggle').click();
    await expect(editor.mark('diff')).toContainText('# more');
    await expect(editor.mark('diff').locator('.cm-content')).toHaveCount(2);
    await editor.mark('diff-toggle').click();
    await editor.save();
    await editor.state('Saved');
    await editor.mark('reset').click();
    await page.getByTestId('confirm').click();
    await expect(editor.content).not.toContainText('# more');
    await expect(editor.mark('reset')).toBeDisabled();
    expect(await fileOf(instance)).not.toContain('# more');
  });

  test('becomes a custom blueprint, which another browser can choose at once', async ({ page, browser }) => {
    const instance = await create('source');
    const editor = await editorOn(page);
    await editor.open(instance);
    const other = await browser.newPage();
    const console = new Console(other, using.server);
    await console.openLoggedIn();
    await editor.append('# for everybody\n');
    await editor.mark('as-blueprint').click();
    const name = page.getByTestId('blueprint-name');
    await expect(name).toHaveValue('App_custom.sh');
    await name.fill('../escape');
    await expect(page.getByTestId('blueprint-save')).toBeDisabled();
    await name.fill('Everybody');
    await page.getByTestId('blueprint-save').click();
    await expect(page.getByTestId('blueprint-dialog')).toHaveCount(0);
    const file = join(using.server.dataDir, 'custom_blueprints', 'Everybody.sh');
    expect(await readFile(file, 'utf8')).toContain('# for everybody');
    await other.getByTestId('add-instance').click();
    await other.getByTestId('draft-blueprint').click();
    await expect(other.getByTestId('picker-option').filter({ hasText: 'App' }).nth(1)).toBeVisible();
    await other.close();

    await editor.mark('as-blueprint').click();
    await name.fill('Everybody');
    await page.getByTestId('blueprint-save').click();
    await expect(page.getByTestId('blueprint-hint')).toContainText('already');
    await page.getByTestId('blueprint-save').click();
    await expect(page.getByTestId('blueprint-dialog')).toHaveCount(0);
    await editor.state('Not saved');
  });

  test('shows mistakes in the margin, of the header too', async ({ page }) => {
    const instance = await create('checked');
    const editor = await editorOn(page);
    await editor.open(instance);
    await editor.content.click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.type(
      '### AIKORE-METADATA-START ###\n# aikore.start_timeout = soon\n### AIKORE-METADATA-END ###\n',
    );
    await expect(page.locator('.cm-lint-marker-error').first()).toBeVisible();
    await editor.mark('findings').click();
    await expect(page.locator('.cm-panel-lint')).toContainText('aikore.start_timeout');
  });

  test('works by keyboard alone, and Tab can leave it', async ({ page }) => {
    const instance = await create('keys');
    const editor = await editorOn(page);
    await editor.open(instance);
    await editor.content.focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('needle');
    await page.keyboard.press('Tab');
    await expect(editor.content).toBeFocused();
    await page.keyboard.press('Control+f');
    await page.keyboard.type('needle');
    await expect(page.locator('.cm-searchMatch')).toHaveCount(1);
    await page.keyboard.press('Escape');
    await expect(editor.content).toBeFocused();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    await expect(editor.content).not.toBeFocused();
    await expect(editor.content).toHaveAttribute('aria-label', 'Script of keys');
  });

  test('of a satellite is its parent’s, to be read', async ({ page }) => {
    const { server } = using;
    const parent = await create('parent');
    const satellite = await create('satellite');
    await server.stop();
    const link = 'UPDATE instances SET parent_instance_id = ? WHERE id = ?';
    await runSql(server.database, link, [parent.id, satellite.id]);
    await server.boot();
    const editor = await editorOn(page);
    await editor.open(satellite);
    await expect(editor.mark('read-only')).toContainText('“parent”');
    await editor.append('typed in vain');
    await expect(editor.content).not.toContainText('typed in vain');
    await expect(editor.mark('save')).toBeDisabled();
    await editor.mark('open-parent').click();
    await expect(page).toHaveURL(new RegExp(`instance=${parent.id}$`));
    await expect(page.getByTestId('script-read-only').filter({ visible: true })).toHaveCount(0);
  });
});
