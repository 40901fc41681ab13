import { expect, test } from '@playwright/test';
import { fakeWebui, writeBlueprint } from '@aikore/testing';
import { seriousFindings } from '../support/axe';
import { Console } from '../support/console';
import { useServer } from '../support/servers';
import { Table } from '../support/table';

/** The pane's own header, with its zoom, is the frame's. */
const parts = ['ak-instances-panel .body', '.cdk-overlay-container'];

test.describe('the table, for everybody', () => {
  const using = useServer({ poolSize: 60 });

  test.beforeAll(async () => {
    const { server } = using;
    await writeBlueprint(server.dataDir, 'App.sh', fakeWebui());
    await writeBlueprint(server.dataDir, 'Killed.sh', 'echo loading the model\nkill -9 $$');
    const { id } = await server.create({ name: 'killed', base_blueprint: 'Killed.sh', gpu_ids: '0,1' });
    await server.act(id, 'start');
    await server.untilInstance(id, ({ status }) => status === 'error', 'killed');
    for (let n = 1; n <= 50; n++) await server.create({ name: `row ${n}`, base_blueprint: 'App.sh' });
  });

  for (const theme of ['ink', 'violet', 'light']) {
    test(`axe finds nothing serious: ${theme}`, async ({ page }) => {
      await page.addInitScript((name) => localStorage.setItem('aikore.theme', JSON.stringify(name)), theme);
      const console = new Console(page, using.server);
      await console.openLoggedIn();
      const table = new Table(console);
      const look = async (what: string): Promise<void> => {
        // A fade would be seen as too little contrast.
        await page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null))));
        expect({ what, found: await seriousFindings(page, parts) }).toEqual({ what, found: [] });
      };
      await look('the table');
      await table.row('killed').chip.click();
      await expect(page.getByTestId('status-why')).toContainText('memory');
      await look('the card of a status');
      await page.keyboard.press('Escape');
      await table.row('killed').openMenu();
      await look('the menu');
      await page.keyboard.press('Escape');
      await table.row('killed').cell('gpus').click();
      await look('the GPUs');
      await page.keyboard.press('Escape');
      await table.row('killed').edit('output', '../nonsense');
      await table.save.click();
      // Seen whole: what is half below the header counts as too small. No port has this in it, as numbers do.
      await page.getByTestId('filter').fill('killed');
      await expect(page.getByTestId('instance-count')).toHaveText('1 of 51');
      await page.getByTestId('add-instance').click();
      await look('changes with a problem, and a draft');
    });
  }

  test('counts its rows right, also those that are not drawn', async ({ page }) => {
    const console = new Console(page, using.server);
    await console.openLoggedIn();
    const rows = page.locator('[role=row][data-id]');
    await expect(page.getByRole('table', { name: 'Instances' })).toHaveAttribute('aria-rowcount', '52');
    await expect(rows).toHaveCount(51);
    const places = await rows.evaluateAll((all) => all.map((row) => Number(row.getAttribute('aria-rowindex'))));
    expect(places).toEqual(Array.from({ length: 51 }, (_, index) => index + 2));
    const columns = await page.locator('.head[role=row] > [role=columnheader]').count();
    await expect(rows.first().locator('[role=cell]')).toHaveCount(columns);
    // Far from sight there are no cells, only the name.
    await expect(rows.last().locator('[role=cell]')).toHaveCount(1);
    await rows.last().scrollIntoViewIfNeeded();
    await expect(rows.last().locator('[role=cell]')).toHaveCount(columns);
  });

  test('a whole life by keyboard alone', async ({ page }) => {
    const console = new Console(page, using.server);
    await console.openLoggedIn();
    const table = new Table(console);
    await page.locator('body').press('n');
    await expect(page.getByTestId('draft-name')).toBeFocused();
    await page.keyboard.type('by hand');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.type('app');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('draft-blueprint')).toBeFocused();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    const row = table.row('by hand');
    await expect(row.box).toBeVisible();
    await row.box.getByTestId('action-start').focus();
    await page.keyboard.press('Enter');
    await console.status('by hand', 'started');
    await row.chip.focus();
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('status-card')).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(row.chip).toBeFocused();
    await page.keyboard.press('Shift+F10');
    await expect(page.getByTestId('row-menu')).toBeVisible();
    await page.keyboard.press('r');
    await expect(page.getByTestId('menu-runs')).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('run')).toHaveCount(1);
    await row.box.getByTestId('action-stop').focus();
    await page.keyboard.press('Enter');
    await console.status('by hand', 'stopped');
    await expect(page.getByTestId('run')).toContainText('stopped');
    await page.getByTestId('run-log').focus();
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('log-state')).toContainText('ended');
  });
});
