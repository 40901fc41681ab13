import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { legacyFixturesDir, TestServer } from '@aikore/testing';
import { Console } from '../support/console';
import { useServer } from '../support/servers';
import { Table } from '../support/table';

test.describe('the order of instances', () => {
  const using = useServer();

  test.beforeAll(async () => {
    for (const name of ['one', 'two', 'three']) {
      await using.server.create({ name, base_blueprint: 'Diagnostics.sh' });
    }
  });

  test('follows the keyboard, keeps the focus, reaches other browsers, and is kept', async ({ page, browser }) => {
    const { server } = using;
    const console = new Console(page, server);
    await console.openLoggedIn();
    const table = new Table(console);
    await table.hasOrder('one', 'two', 'three');
    const elsewhere = new Console(await browser.newPage(), server);
    await elsewhere.openLoggedIn();

    const port = table.row('one').cell('output');
    await port.focus();
    await page.keyboard.press('Alt+ArrowDown');
    await table.hasOrder('two', 'one', 'three');
    await expect(port).toBeFocused();
    await expect(page.locator('.cdk-live-announcer-element')).toHaveText('one: place 2 of 3');
    await new Table(elsewhere).hasOrder('two', 'one', 'three');
    await page.keyboard.press('Alt+ArrowDown');
    await page.keyboard.press('Alt+ArrowDown');
    await table.hasOrder('two', 'three', 'one');
    await elsewhere.page.reload();
    await new Table(elsewhere).hasOrder('two', 'three', 'one');
    await elsewhere.page.close();
  });

  test('follows the pointer', async ({ page }) => {
    const console = new Console(page, using.server);
    await console.openLoggedIn();
    const table = new Table(console);
    await table.hasOrder('two', 'three', 'one');
    await table.drag('one', 'above', 'two');
    await table.hasOrder('one', 'two', 'three');
    await table.drag('one', 'below', 'two');
    await table.hasOrder('two', 'one', 'three');
    expect((await using.server.list()).map(({ name }) => name)).toEqual(['two', 'one', 'three']);
  });

  test('goes back when the server refuses', async ({ page }) => {
    const console = new Console(page, using.server);
    await console.openLoggedIn();
    const table = new Table(console);
    const before = await table.names();
    await page.route('**/api/instances/order', (route) =>
      route.fulfill({ status: 500, json: { error: { code: 'internal', message: 'No.' } } }),
    );
    await table
      .row(before[0] ?? '')
      .box.getByTestId('drag-handle')
      .focus();
    await page.keyboard.press('Alt+ArrowDown');
    await expect(page.getByText('was not moved').first()).toBeVisible();
    await table.hasOrder(...before);
  });
});

test('a family moves as a block, and a satellite keeps what is its parent’s', async ({ page }) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'aikore-e2e-'));
  await cp(join(legacyFixturesDir, 'aikore_v6.db'), join(dataDir, 'aikore.db'));
  const server = await TestServer.startSetUp({ dataDir });
  try {
    const console = new Console(page, server);
    await console.openLoggedIn();
    const table = new Table(console);
    const [parent, satellite, third] = (await table.names()) as [string, string, string];
    const row = table.row(satellite);
    await expect(row.box).toHaveClass(/satellite/);
    for (const mark of ['blueprint', 'python', 'cuda', 'torch', 'output']) {
      await expect(row.cell(mark)).toBeDisabled();
    }
    await expect(row.cell('name')).toBeEnabled();

    await table.row(parent).box.getByTestId('drag-handle').focus();
    await page.keyboard.press('Alt+ArrowDown');
    await expect(async () => expect((await table.names()).slice(0, 3)).toEqual([third, parent, satellite])).toPass();
    await table.drag(parent, 'above', third);
    await expect(async () => expect((await table.names()).slice(0, 3)).toEqual([parent, satellite, third])).toPass();

    await page.getByTestId('filter-family').selectOption({ label: parent });
    await table.hasOrder(parent, satellite);
    await page.getByTestId('filter-family').selectOption({ label: 'Families' });
    await page.getByTestId('filter').fill(satellite);
    await table.hasOrder(parent, satellite);
    await expect(page.getByTestId('instance-count')).toContainText('1 of 6');
  } finally {
    await server.dispose();
  }
});
