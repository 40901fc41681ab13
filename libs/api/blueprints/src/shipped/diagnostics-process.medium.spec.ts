import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { type App, printed, start, stop } from '../testing/diagnostics-app';

interface Check {
  name: string;
  state: string;
  reason: string;
}

describe('Diagnostics as a process', () => {
  const apps: App[] = [];
  const launch = async (settings?: Parameters<typeof start>[0]) => {
    const app = await start(settings);
    apps.push(app);
    return app;
  };
  const checksOf = async (app: App) =>
    ((await (await fetch(`${app.url}/api/report`)).json()) as { checks: Check[] }).checks;
  afterEach(() => Promise.all(apps.splice(0).map(stop)));

  it('ends cleanly on TERM, and tells open WebSockets', async () => {
    const app = await launch();
    await printed(app, 'listens on');
    const socket = new WebSocket(`ws://127.0.0.1:${app.port}/ws`);
    await new Promise((opened) => socket.addEventListener('open', opened));
    const closed = new Promise<number>((told) => socket.addEventListener('close', ({ code }) => told(code)));
    app.child.kill('SIGTERM');
    expect(await app.ended).toEqual({ code: 0, signal: null });
    expect(await closed).toBe(1001);
    expect(app.output()).toMatch(/Diagnostics ends with exit code 0\n$/);
  });

  it('waits before it is ready, from the environment, and can be stopped meanwhile', async () => {
    const app = await launch({ env: { DIAGNOSTICS_READY_AFTER: '60' } });
    await printed(app, 'Waiting 60 s');
    await expect(fetch(app.url)).rejects.toThrow();
    app.child.kill('SIGTERM');
    expect(await app.ended).toEqual({ code: 0, signal: null });
  });

  it('ends by itself with a code, from launch_args.txt; the command line counts most', async () => {
    const launchArgs = '# an experiment\n--exit-after 0.1 \\\n --exit-code "7"\n';
    expect(await (await launch({ launchArgs })).ended).toEqual({ code: 7, signal: null });
    expect(await (await launch({ launchArgs, args: '--exit-code 9' })).ended).toEqual({ code: 9, signal: null });
  });

  it('prints lines at a rate', async () => {
    const app = await launch({ args: '--spew 2000 --exit-after 0.5' });
    await app.ended;
    const numbers = [...app.output().matchAll(/^spew (\d+) \d{13}$/gm)].map(([, number]) => Number(number));
    expect(numbers.length).toBeGreaterThan(300);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });

  it.each(['--exit-code 300', '--ready-after -1', '--spew many', '--unheard-of'])('refuses %s', async (args) => {
    const app = await launch({ args });
    expect(await app.ended).toEqual({ code: 2, signal: null });
    expect(app.output()).toMatch(/usage: Diagnostics/);
  });

  it('says when its port is taken', async () => {
    const first = await launch();
    await printed(first, 'listens on');
    const second = await launch({ env: { WEBUI_PORT: String(first.port) } });
    expect(await second.ended).toEqual({ code: 1, signal: null });
    expect(second.output()).toMatch(/Port \d+ of 127\.0\.0\.1 cannot be opened: Address already in use/);
  });

  it('says what is wrong in its environment', async () => {
    const app = await launch({
      env: { INSTANCE_OUTPUT_DIR: '/nowhere/x', AIKORE_ADMIN_PASSWORD_FILE: 'x', SUBFOLDER: '' },
    });
    await printed(app, 'listens on');
    const checks = await checksOf(app);
    const bad = checks.filter(({ state }) => state === 'bad').map(({ name }) => name);
    expect(bad).toEqual(['Output folder', 'Sub-folder', 'Secrets']);
  });

  it.each([
    ['0,1', 'good', /RTX 4090.*RTX 3060/],
    ['1', 'good', /^1, .*RTX 3060/],
    ['0,7', 'bad', /GPU 7 does not exist/],
    ['', 'good', /no GPU, as chosen/],
  ])('judges the GPU pin %j by what nvidia-smi lists', async (pin, state, reason) => {
    const bin = await mkdtemp(join(tmpdir(), 'aikore-nvidia-'));
    const list = '0, NVIDIA GeForce RTX 4090, 24564 MiB\n1, NVIDIA GeForce RTX 3060, 12288 MiB';
    await writeFile(join(bin, 'nvidia-smi'), `#!/bin/sh\necho "${list}"\n`, { mode: 0o755 });
    const app = await launch({ env: { CUDA_VISIBLE_DEVICES: pin, PATH: `${bin}:${process.env['PATH']}` } });
    await printed(app, 'listens on');
    const checks = await checksOf(app);
    await rm(bin, { recursive: true });
    expect(checks.find(({ name }) => name === 'GPU pin')).toEqual({
      name: 'GPU pin',
      state,
      reason: expect.stringMatching(reason),
    });
  });
});
