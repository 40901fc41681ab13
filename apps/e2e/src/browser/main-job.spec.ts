import { expect, test } from '@playwright/test';
import { isAlive, until } from '@aikore/testing';
import { complaintsOf, Console } from '../support/console';
import { note, useServer } from '../support/servers';

/** What a page says when the server is away, as it is meant to. */
const expected = /ERR_CONNECTION|ERR_NETWORK|WebSocket connection|status of 401|status of 503/;

const using = useServer({ blank: true });

test('a blueprint becomes a running, reachable, watched app', async ({ page }, info) => {
  test.setTimeout(240_000);
  const shot = (name: string) => page.screenshot({ path: info.outputPath(`${name}.png`) });
  const complaints = complaintsOf(page);
  const server = using.server;
  const console = new Console(page, server);
  const name = 'My Diagnostics';

  await test.step('the printed URL sets the password and shows an empty console', async () => {
    await page.goto(await server.setupUrl());
    await shot('1-setup');
    await console.setUp();
    await expect(page.getByTestId('empty-state')).toBeVisible();
    await expect(page).not.toHaveURL(/token/);
    await shot('2-empty');
  });

  await test.step('add an instance of Diagnostics and start it', async () => {
    await console.add(name, 'Diagnostics');
    await console.status(name, 'stopped');
    await shot('3-added');
    await console.act(name, 'start');
    await console.status(name, 'started', 60_000);
    await shot('4-started');
  });

  await test.step('its own checks pass through the proxy, at its own address', async () => {
    const app = await console.open(name);
    await app.waitForURL(/^http:\/\/my-diagnostics\.localhost:\d+\/$/);
    const verdict = app.locator('#verdict');
    await expect(verdict).not.toHaveText(/checking|Asking/, { timeout: 90_000 });
    await app.screenshot({ path: info.outputPath('5-diagnostics.png'), fullPage: true });
    const failed = await app.locator('.rows .bad, #variables .bad').allInnerTexts();
    expect(failed).toEqual([]);
    await expect(verdict).toHaveText('all good');
    expect(await app.locator('#through li.good').count()).toBeGreaterThanOrEqual(14);
    await app.close();
  });

  await test.step('its log is shown live', async () => {
    await console.act(name, 'logs');
    await expect(page.getByTestId('log-view')).toBeVisible();
    await expect(console.logLines().filter({ hasText: 'Starting the diagnostics page' })).toBeVisible();
    await shot('6-log');
  });

  let pid = 0;
  await test.step('kill -9 and a new start: the console comes back by itself, with the same process', async () => {
    pid = await console.pid(name);
    expect(isAlive(pid)).toBe(true);
    await server.kill9();
    await expect(page.getByTestId('connection-state')).not.toHaveAttribute('data-state', 'live');
    await shot('7-server-gone');
    expect(isAlive(pid)).toBe(true);
    const started = performance.now();
    await server.boot();
    await console.isLive();
    note('server start to console live again', performance.now() - started);
    await console.status(name, 'started');
    expect(await console.pid(name)).toBe(pid);
    await shot('8-adopted');
  });

  await test.step('stop, and delete', async () => {
    await console.act(name, 'stop');
    await console.status(name, 'stopped');
    await until(() => !isAlive(pid), 'the process to be gone');
    await console.act(name, 'delete');
    await page.getByTestId('delete-permanent').click();
    await page.getByTestId('delete-confirm').click();
    await expect(console.row(name)).toHaveCount(0);
    await shot('9-deleted');
  });
  expect(complaints.filter((text) => !expected.test(text))).toEqual([]);
});
