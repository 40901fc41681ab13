import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from '@aikore/contract';
import { expect, it } from 'vitest';
import { until } from './testing/aikore';
import { FakeServer, token } from './testing/fake-server';

const root = new URL('../../../', import.meta.url).pathname;

it('the example of docs/guides/socket-clients.md works, across a lost connection too', async () => {
  const guide = await readFile(join(root, 'docs/guides/socket-clients.md'), 'utf8');
  const example = /```js\n([^]*?)```/.exec(guide)?.[1] ?? '';
  const cache = join(root, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'guide-')); // there it finds socket.io-client
  const server = await FakeServer.start();
  server.runs = [{ id: 'aaaa', ended_at: null } as Run];
  server.write('aaaa', 'first\n');
  await writeFile(join(folder, 'tail.mjs'), example);
  const env = { PATH: process.env.PATH, AIKORE_SERVER: server.url, AIKORE_TOKEN: token };
  const child = spawn(process.execPath, [join(folder, 'tail.mjs'), '1'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = new Promise((resolve) => child.once('close', resolve));
  try {
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    await until(() => output === 'first\n', 'the first line');
    server.breakConnections();
    server.write('aaaa', 'second\n');
    await until(() => output === 'first\nsecond\n', 'the second line');
    expect(server.joins).toBe(2);
  } finally {
    child.kill();
    await closed;
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
});
