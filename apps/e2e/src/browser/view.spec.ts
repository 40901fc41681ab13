import { expect, test } from '@playwright/test';
import { routes } from '@aikore/contract';
import { fakeWebui, writeBlueprint } from '@aikore/testing';
import { Console } from '../support/console';
import { useServer } from '../support/servers';

/** An app that sets a cookie of its own and shows whether it came back. */
const app = (header = '') => `exec node -e "require('http').createServer((request, response) => {
  ${header}
  response.setHeader('set-cookie', 'own=1');
  response.setHeader('content-type', 'text/html');
  response.end('<h1>the app</h1><p>' + request.headers.cookie + '</p>');
}).listen(process.env.WEBUI_PORT, '127.0.0.1')"`;

test.describe('tools', () => {
  const using = useServer();

  test.beforeAll(async () => {
    const { server } = using;
    await writeBlueprint(server.dataDir, 'Ticker.sh', fakeWebui({ spew: 5 }));
    await writeBlueprint(server.dataDir, 'App.sh', app());
    await writeBlueprint(server.dataDir, 'Refuses.sh', app(`response.setHeader('x-frame-options', 'DENY');`));
    for (const [name, file] of [
      ['open', 'App.sh'],
      ['refuses', 'Refuses.sh'],
    ] as const) {
      const { id } = await server.create({ name, base_blueprint: file });
      await server.act(id, 'start', 'started');
    }
    await server.create({ name: 'idle', base_blueprint: 'App.sh' });
  });

  test('an app is shown in a frame of its own origin, keeps its cookies there, and stays alive behind others', async ({
    page,
  }) => {
    const console = new Console(page, using.server);
    await console.openLoggedIn();
    await page.keyboard.press('v');
    await page.getByTestId('tool-suggestion').filter({ hasText: 'open' }).click();
    const frame = page.frameLocator('[data-testid=view-frame]');
    await expect(frame.locator('h1')).toHaveText('the app');
    const { host } = new URL((await page.getByTestId('view-frame').getAttribute('src')) ?? '');
    expect(host).not.toBe(new URL(using.server.url).host);
    await frame.locator('h1').evaluate((heading) => (heading.textContent = 'touched'));
    await page.keyboard.press('w');
    await expect(page.getByTestId('view-frame')).toBeHidden();
    await page.keyboard.press('v');
    await expect(frame.locator('h1')).toHaveText('touched');
    await page.getByTestId('view-reload').click();
    await expect(frame.locator('h1')).toHaveText('the app');
    await expect(frame.locator('p')).toContainText('own=1');
    await page.reload();
    await expect(frame.locator('h1')).toHaveText('the app');
  });

  test('an app that refuses frames is said to, and opens in a tab', async ({ page }) => {
    const console = new Console(page, using.server);
    await console.openLoggedIn();
    await page.keyboard.press('v');
    await page.getByTestId('tool-instance').click();
    await page.getByTestId('picker-search').fill('refuses');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('view-refused')).toContainText('does not let itself be shown in a frame');
    const opening = page.context().waitForEvent('page');
    await page.getByTestId('view-obstacle-tab').click();
    await expect((await opening).locator('h1')).toHaveText('the app');
  });

  test('an app that does not run is started from there, and appears', async ({ page }) => {
    const { server } = using;
    const console = new Console(page, server);
    await console.openLoggedIn();
    const { id } = (await server.list()).find(({ name }) => name === 'idle') ?? { id: 0 };
    await page.goto(`${server.url}/?tool=view&instance=${id}`);
    await expect(page.getByTestId('view-off')).toContainText('idle does not run');
    await page.getByTestId('view-start').click();
    await expect(page.frameLocator('[data-testid=view-frame]').locator('h1')).toHaveText('the app');
    await server.act(id, 'stop', 'stopped');
    await expect(page.getByTestId('view-off')).toBeVisible();
  });

  test('a tool says so when its instance is deleted', async ({ page }) => {
    const { server } = using;
    const console = new Console(page, server);
    const { id } = await server.create({ name: 'short lived', base_blueprint: 'Ticker.sh' });
    await console.openLoggedIn();
    await page.goto(`${server.url}/?tool=logs&instance=${id}`);
    await expect(page.getByTestId('view-logs')).toContainText('has never run');
    await server.api.call(routes.deleteInstance, { params: { id }, query: { mode: 'permanent' } });
    await expect(page.getByTestId('tool-deleted')).toContainText('“short lived” is gone');
    await expect(page.getByTestId('view-logs')).toHaveCount(0);
  });
});
