import { execFileSync } from 'node:child_process';
import { expect, test } from '@playwright/test';
import { Console } from '../support/console';
import { note, useServer } from '../support/servers';

/** Whether the registry that npm is set to answers for the package; offline machines leave this journey out. */
function registryAnswers(): boolean {
  try {
    return execFileSync('npm', ['view', 'node-red', 'version'], { timeout: 20_000, stdio: 'pipe' }).length > 0;
  } catch {
    return false;
  }
}

test.describe('Node-RED', () => {
  const using = useServer();

  test('is installed from the registry, with its progress shown, and works through the proxy', async ({
    page,
  }, info) => {
    test.skip(!registryAnswers(), 'the npm registry did not answer');
    test.setTimeout(300_000);
    const console = new Console(page, using.server);
    const name = 'flows';
    await console.openLoggedIn();
    await console.add(name, 'Node-RED');
    const started = performance.now();
    await console.act(name, 'start');
    await console.status(name, 'installing');
    await console.chip(name).click();
    await expect(page.getByTestId('status-card')).toContainText(/Step \d of 3/);
    await page.screenshot({ path: info.outputPath('installing.png') });
    await page.keyboard.press('Escape');
    await console.status(name, 'started', 240_000);
    note('Node-RED: start to started', performance.now() - started);

    const editor = await console.open(name);
    const sockets: string[] = [];
    editor.on('websocket', (socket) => sockets.push(socket.url()));
    await editor.waitForURL(/^http:\/\/flows\.localhost:\d+\//);
    await editor.reload();
    await expect(editor.locator('#red-ui-workspace')).toBeVisible({ timeout: 60_000 });
    await expect(editor.locator('#red-ui-palette')).toContainText('inject', { timeout: 30_000 });
    expect(await editor.title()).toMatch(/flows|Node-RED/);
    await expect.poll(() => sockets.filter((url) => url.endsWith('/comms')).length).toBeGreaterThan(0);
    await expect(editor.locator('.red-ui-notification-error', { hasText: 'Lost connection' })).toHaveCount(0);
    await editor.screenshot({ path: info.outputPath('editor.png') });
    await editor.close();
    await console.act(name, 'stop');
    await console.status(name, 'stopped');
  });
});
