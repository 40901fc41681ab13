import { expect, test } from '@playwright/test';
import { adminLogin, fakeWebui, writeBlueprint } from '@aikore/testing';
import { Console } from '../support/console';
import { note, useServer } from '../support/servers';

const kilobyte = 1000;

test.describe('the frame', () => {
  const using = useServer();

  test.beforeAll(async () => {
    const { server } = using;
    await writeBlueprint(server.dataDir, 'Ticker.sh', fakeWebui({ spew: 5 }));
    await server.create({ name: 'alpha', base_blueprint: 'Ticker.sh' });
    await server.create({ name: 'beta', base_blueprint: 'Ticker.sh' });
  });

  test('the palette starts an instance by keyboard alone, and remembers it', async ({ page }) => {
    const console = new Console(page, using.server);
    await console.openLoggedIn();
    await page.keyboard.press('Control+k');
    await expect(page.getByTestId('palette-search')).toBeFocused();
    await page.keyboard.type('start bet');
    await expect(page.getByTestId('palette-option').first()).toContainText('Start beta');
    await page.keyboard.press('Enter');
    await console.status('beta', 'started');
    await page.keyboard.press('Control+k');
    // Started already: what cannot be done is not offered.
    await expect(page.getByTestId('palette-option').first()).toBeVisible();
    await expect(page.getByTestId('palette-option').filter({ hasText: /^\s*Start beta/ })).toHaveCount(0);
    await page.keyboard.type('stop beta');
    await page.keyboard.press('Enter');
    await console.status('beta', 'stopped');
    await page.keyboard.press('Control+k');
    await expect(page.getByTestId('palette').getByText('Used last')).toBeVisible();
    await expect(page.getByTestId('palette-option').first()).toContainText('Start beta');
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('palette')).toHaveCount(0);
  });

  test('keys open tools, the list of shortcuts, and panes alone; none of them while somebody types', async ({
    page,
  }) => {
    await new Console(page, using.server).openLoggedIn();
    await page.keyboard.press('?');
    await expect(page.getByTestId('shortcuts')).toContainText('Command palette');
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('shortcuts')).toHaveCount(0);
    await page.keyboard.press('l');
    await expect(page).toHaveURL(/tool=logs/);
    await page.keyboard.press('1');
    await expect(page.getByTestId('monitoring')).toBeHidden();
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('monitoring')).toBeVisible();
    await page.keyboard.press('/');
    await page.keyboard.type('w1?');
    await expect(page.getByTestId('filter')).toHaveValue('w1?');
    await expect(page).toHaveURL(/tool=logs/);
  });

  test('a theme is on the page before anything is drawn, and follows the system where none is chosen', async ({
    browser,
  }) => {
    const context = await browser.newContext({ colorScheme: 'light' });
    const page = await context.newPage();
    await new Console(page, using.server).openLoggedIn();
    const theme = page.locator('html');
    await expect(theme).toHaveAttribute('data-theme', 'light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect(theme).toHaveAttribute('data-theme', 'ink');
    await page.getByTestId('theme-menu').click();
    await page.getByTestId('theme-carbon').click();
    await expect(theme).toHaveAttribute('data-theme', 'carbon');
    // The first script of the page decides; the app is kept away.
    await page.route('**/main-*.js', (route) => route.abort());
    await page.reload();
    await expect(theme).toHaveAttribute('data-theme', 'carbon');
    await context.close();
  });

  test('splits, zoom and what is shown are remembered', async ({ page }) => {
    await new Console(page, using.server).openLoggedIn();
    const divider = page.getByRole('separator', { name: 'Height of the instances pane' });
    await divider.focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    await expect(divider).toHaveAttribute('aria-valuenow', '51');
    await page.getByRole('button', { name: 'Larger: Instances' }).click();
    await page.reload();
    await expect(divider).toHaveAttribute('aria-valuenow', '51');
    await expect(page.getByRole('button', { name: /Zoom of Instances: 110/ })).toBeVisible();
    await divider.dblclick();
    await expect(divider).toHaveAttribute('aria-valuenow', '55');
    await page.getByRole('heading', { name: 'Monitoring' }).dblclick();
    await expect(page.getByRole('region', { name: 'Instances' })).toBeHidden();
  });

  test('a session that ends while somebody types asks for the password, and goes on', async ({ page }) => {
    const console = new Console(page, using.server);
    await console.openLoggedIn();
    await console.row('alpha').getByTestId('edit-name').fill('alpha two');
    await page.evaluate(() => fetch('/api/auth/logout', { method: 'POST', headers: { 'x-aikore': '1' } }));
    await expect(page.getByTestId('session-dialog')).toBeVisible();
    await page.getByTestId('session-password').fill('not the password');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('session-error')).toContainText('password is wrong');
    await page.getByTestId('session-password').fill(adminLogin.password);
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('session-dialog')).toHaveCount(0);
    await console.isLive();
    await page.getByTestId('save-changes').click();
    await expect(console.row('alpha two')).toBeVisible();
  });

  test('a server that comes back is followed again without a reload', async ({ page }) => {
    const { server } = using;
    const console = new Console(page, server);
    await console.openLoggedIn();
    await server.kill9();
    await expect(page.getByTestId('connection-state')).toHaveAttribute('data-state', 'reconnecting');
    await server.boot();
    await server.create({ name: 'made meanwhile', base_blueprint: 'Ticker.sh' });
    await console.isLive();
    await expect(console.row('made meanwhile')).toBeVisible();
  });

  test('the first page needs at most 350 kB of JavaScript', async ({ page }) => {
    const client = await page.context().newCDPSession(page);
    await client.send('Network.enable');
    const scripts = new Set<string>();
    let bytes = 0;
    client.on('Network.responseReceived', ({ requestId, type }) => {
      if (type === 'Script') scripts.add(requestId);
    });
    client.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      if (scripts.has(requestId)) bytes += encodedDataLength;
    });
    await new Console(page, using.server).openLoggedIn();
    note('JavaScript until the table is usable, compressed', `${Math.round(bytes / kilobyte)} kB`);
    expect(scripts.size).toBeGreaterThan(2);
    expect(bytes).toBeGreaterThan(50 * kilobyte);
    expect(bytes).toBeLessThan(350 * kilobyte);
  });
});
