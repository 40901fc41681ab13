import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePortBlock } from '@aikore/testing';

const shipped = resolve(import.meta.dirname, '../../../../../blueprints');

/** Diagnostics.sh as the server runs it. `output` is everything it printed. */
export interface App {
  folder: string;
  port: number;
  url: string;
  child: ChildProcess;
  output: () => string;
  ended: Promise<{ code: number | null; signal: string | null }>;
}

/** Start it with the variables that the server gives, and with `settings` on top. */
export async function start(
  settings: { args?: string; env?: Record<string, string>; launchArgs?: string } = {},
): Promise<App> {
  const folder = await mkdtemp(join(tmpdir(), 'aikore-diagnostics-'));
  for (const name of ['conf', 'outputs', 'tmp']) await mkdir(join(folder, name));
  await writeFile(join(folder, 'progress'), '');
  if (settings.launchArgs) await writeFile(join(folder, 'conf', 'launch_args.txt'), settings.launchArgs);
  const port = await freePortBlock(1);
  const variables = {
    LANG: 'C.UTF-8',
    WEBUI_PORT: String(port),
    INSTANCE_NAME: 'Ünit <b>',
    INSTANCE_CONF_DIR: join(folder, 'conf'),
    INSTANCE_OUTPUT_DIR: join(folder, 'outputs'),
    BLUEPRINT_ID: 'Diagnostics',
    SUBFOLDER: '/instance/unit/',
    TMPDIR: join(folder, 'tmp'),
    CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
    AIKORE_RUN_ID: 'run',
    AIKORE_PROGRESS_FILE: join(folder, 'progress'),
    AIKORE_BLUEPRINT_LIB: join(shipped, 'lib'),
    ...settings.env,
  };
  const assignments = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  const words = [...assignments, 'bash', join(shipped, 'Diagnostics.sh'), ...(settings.args?.split(' ') ?? [])];
  // By way of env(1), which replaces itself by the script: the pid is the app's.
  const child = spawn('env', words, { cwd: join(folder, 'conf'), stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Buffer) => (output += data.toString()));
  const ended = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as string | null,
  }));
  return { folder, port, url: `http://127.0.0.1:${port}`, child, output: () => output, ended };
}

/** Resolves when the app has printed the text; fails when it ends before. */
export async function printed(app: App, text: string): Promise<void> {
  const controller = new AbortController();
  void app.ended.then(() => controller.abort());
  while (!app.output().includes(text)) {
    if (!app.child.stdout) throw new Error('no output to read');
    await once(app.child.stdout, 'data', { signal: controller.signal }).catch(() => {
      if (!app.output().includes(text)) throw new Error(`It ended without printing "${text}": ${app.output()}`);
    });
  }
}

/** End it if it runs, and remove its folder. */
export async function stop(app: App): Promise<void> {
  if (app.child.exitCode === null && app.child.signalCode === null) app.child.kill('SIGKILL');
  await app.ended;
  await rm(app.folder, { recursive: true, force: true });
}
