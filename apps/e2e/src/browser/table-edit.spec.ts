import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { routes } from '@aikore/contract';
import { adminLogin, fakeWebui, writeBlueprint } from '@aikore/testing';
import { Console } from '../support/console';
import { useServer } from '../support/servers';
import { Table } from '../support/table';

test.describe('editing in the table', () => {
  const using = useServer();
  const open = async (page: import('@playwright/test').Page): Promise<Table> => {
    const console = new Console(page, using.server);
    await console.openLoggedIn();
    return new Table(console);
  };

  test.beforeAll(async () => {
    await writeBlueprint(using.server.dataDir, 'App.sh', fakeWebui());
    await writeBlueprint(using.server.dataDir, 'Env.sh', fakeWebui(), { venv_type: 'python' });
  });

  test('a save says what restarts, and does it; cancel puts everything back', async ({ page }) => {
    const { server } = using;
    const { id } = await server.create({ name: 'runs', base_blueprint: 'App.sh', gpu_ids: '0' });
    await server.create({ name: 'rests', base_blueprint: 'App.sh', gpu_ids: '1' });
    await server.act(id, 'start', 'started');
    const table = await open(page);
    await table.row('runs').cell('gpu-1').click();
    await expect(table.save).toHaveText(/Save changes \(1\)/);
    await table.row('runs').cell('gpu-1').click();
    await expect(table.save).toHaveCount(0);

    await table.row('runs').cell('gpu-1').click();
    await table.row('rests').edit('output', 'shared');
    await page.getByTestId('cancel-changes').click();
    await expect(table.row('rests').cell('output')).toHaveValue('');
    await expect(table.save).toHaveCount(0);

    await table.row('runs').cell('gpu-1').click();
    await table.row('rests').edit('output', 'shared');
    await table.save.click();
    await expect(page.getByTestId('save-summary')).toHaveText(/runs\s*GPUs: 0 → 0,1/);
    const before = (await server.get(id)).run?.id;
    await page.getByTestId('save-and-restart').click();
    await expect(table.save).toHaveCount(0);
    const after = await server.untilInstance(
      id,
      ({ run, status }) => run?.id !== before && status === 'started',
      'restarted',
    );
    expect(after).toMatchObject({ gpu_ids: '0,1', needs_restart: false });
    expect((await server.list()).find(({ name }) => name === 'rests')?.output_path).toBe('shared');
    await server.act(id, 'stop', 'stopped');
  });

  test('a conflict shows both values, and other changes do not touch what is typed', async ({ page }) => {
    const { server } = using;
    const { id } = await server.create({ name: 'shared by two', base_blueprint: 'App.sh' });
    const table = await open(page);
    const row = table.row('shared by two');
    await row.edit('output', 'mine');
    await server.api.call(routes.updateInstance, { params: { id }, body: { autostart: true } });
    await expect(row.cell('autostart')).toBeChecked();
    await expect(row.cell('output')).toHaveValue('mine');
    await server.api.call(routes.updateInstance, { params: { id }, body: { output_path: 'theirs' } });
    await expect(row.box.getByTestId('conflict')).toContainText('mine');
    await expect(row.box.getByTestId('conflict')).toContainText('theirs');
    await table.save.click();
    await expect(row.problem).toContainText('choose one value');
    expect((await server.get(id)).output_path).toBe('theirs');
    await row.box.getByTestId('keep-mine').click();
    await table.save.click();
    await expect(table.save).toHaveCount(0);
    expect((await server.get(id)).output_path).toBe('mine');
  });

  test('nothing typed is lost when the server is gone, or the session is over', async ({ page }) => {
    const { server } = using;
    const { id } = await server.create({ name: 'typed', base_blueprint: 'App.sh' });
    const table = await open(page);
    const row = table.row('typed');
    await row.edit('output', 'kept/through/it');
    await server.kill9();
    await table.save.click();
    await expect(row.problem).toContainText('does not answer');
    await server.boot();
    await new Console(page, server).isLive();
    await page.context().clearCookies();
    await table.save.click();
    // What was under way goes on once the person is back.
    await page.getByTestId('session-password').fill(adminLogin.password);
    await page.getByTestId('session-submit').click();
    await expect(table.save).toHaveCount(0);
    await expect(row.cell('output')).toHaveValue('kept/through/it');
    expect((await server.get(id)).output_path).toBe('kept/through/it');
  });

  test('changes of an instance that was deleted can be rescued', async ({ page }) => {
    const { server } = using;
    const { id } = await server.create({ name: 'doomed', base_blueprint: 'App.sh' });
    const table = await open(page);
    await table.row('doomed').edit('output', 'worth keeping');
    await server.api.call(routes.deleteInstance, { params: { id }, query: { mode: 'permanent' } });
    await expect(page.getByTestId('orphan')).toContainText('worth keeping');
    await page.getByTestId('orphan-rescue').click();
    await expect(page.getByTestId('orphan')).toHaveCount(0);
    await expect(page.getByTestId('draft-name')).toHaveValue('doomed');
    await expect(page.getByTestId('draft-output')).toHaveValue('worth keeping');
    await page.getByTestId('draft-create').click();
    await expect(table.row('doomed').cell('output')).toHaveValue('worth keeping');
  });

  test('settings are duplicated and exported from the menu of a row', async ({ page }) => {
    const { server } = using;
    await server.create({ name: 'original', base_blueprint: 'Env.sh', python_version: '3.12', gpu_ids: '1,0' });
    const table = await open(page);
    await table.row('original').rightClick();
    await page.getByTestId('menu-duplicate').click();
    await expect(page.getByTestId('draft-name')).toHaveValue('original 2');
    await expect(page.getByTestId('draft-output')).toHaveValue('original 2');
    await page.getByTestId('draft-name').fill('copy of it');
    await expect(page.getByTestId('draft-output')).toHaveValue('copy of it');
    await page.getByTestId('draft-create').click();
    await expect(table.row('copy of it').cell('python')).toHaveValue('3.12');
    expect((await server.list()).find(({ name }) => name === 'copy of it')).toMatchObject({
      gpu_ids: '1,0',
      output_path: 'copy of it',
    });

    await table.row('original').openMenu();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByTestId('menu-export').click()]);
    expect(file.suggestedFilename()).toBe('original.aikore.json');
    expect(JSON.parse(await readFile(await file.path(), 'utf8'))).toMatchObject({ name: 'original', gpu_ids: '1,0' });
  });

  test('what is wrong is said at the row, and a free address is kept', async ({ page }) => {
    const { server } = using;
    await server.create({ name: 'odd', base_blueprint: 'Env.sh' });
    const table = await open(page);
    const row = table.row('odd');
    await row.edit('torch', 'newest; rm -rf /');
    await table.save.click();
    await expect(row.problem).toContainText('Torch must be a version');
    await row.cell('torch').press('Escape');
    await expect(row.cell('torch')).toHaveValue('');
    await row.cell('custom').click();
    await table.save.click();
    await expect(row.problem).toContainText('is needed');
    await row.edit('hostname', 'odd.example.org');
    await table.save.click();
    await expect(table.save).toHaveCount(0);
    expect((await server.list()).find(({ name }) => name === 'odd')).toMatchObject({
      use_custom_hostname: true,
      hostname: 'odd.example.org',
    });
  });

  test('names of any script are text, whatever they look like', async ({ page }) => {
    const names = [
      '幅'.repeat(64),
      'مرحبا بالعالم',
      '👩‍💻 عمل 🎨',
      '<img src=x onerror="window.hurt=1">',
      '"; drop table',
    ];
    for (const name of names) await using.server.create({ name, base_blueprint: 'App.sh' });
    await open(page);
    for (const name of names) {
      const id = (await using.server.list()).find((item) => item.name === name)?.id;
      const cell = page.locator(`[data-id="${id}"] [data-field=name]`);
      await cell.scrollIntoViewIfNeeded();
      await expect(cell).toHaveValue(name);
    }
    expect(await page.evaluate(() => 'hurt' in window)).toBe(false);
    const width = await page.locator('[role=table]').evaluate((element) => element.scrollWidth - element.clientWidth);
    expect(width).toBeLessThanOrEqual(0);
  });
});
