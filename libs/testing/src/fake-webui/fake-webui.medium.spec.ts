import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { http } from '../client/http';
import { freePortBlock } from '../ports';
import { until } from '../until';

async function start(...flags: string[]) {
  const port = await freePortBlock(1);
  const child = spawn(process.execPath, [
    join(import.meta.dirname, 'fake-webui.mjs'),
    '--port',
    String(port),
    ...flags,
  ]);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { port, child, ended: once(child, 'close'), output: () => output };
}
const answers = (port: number) =>
  http(port, '/').then(
    (answer) => answer.status,
    () => null,
  );

describe('the fake WebUI', () => {
  it('answers after a while, counts its lines, and ends with a code', async () => {
    const fake = await start('--ready-after', '0.3', '--spew', '100');
    await until(() => fake.output().includes('line 00000005'), 'lines');
    await until(async () => (await answers(fake.port)) === 200, 'an answer');
    const { count } = JSON.parse((await http(fake.port, '/count')).text) as { count: number };
    await until(() => fake.output().includes(`line ${String(count).padStart(8, '0')}\n`), 'what it counted');
    await http(fake.port, '/exit?code=7');
    expect((await fake.ended)[0]).toBe(7);
    expect(fake.output()).toContain('one last word');
  });

  it('ignores TERM when it is told to', async () => {
    const fake = await start('--ignore-term');
    await until(async () => (await answers(fake.port)) === 200, 'an answer');
    fake.child.kill('SIGTERM');
    await until(() => fake.output().includes('TERM ignored'), 'its word');
    expect(await answers(fake.port)).toBe(200);
    fake.child.kill('SIGKILL');
    expect((await fake.ended)[1]).toBe('SIGKILL');
  });

  it('is not ready for a while', async () => {
    const fake = await start('--status', '503', '--status-for', '0.3');
    await until(async () => (await answers(fake.port)) === 503, 'a 503');
    await until(async () => (await answers(fake.port)) === 200, 'a 200');
    fake.child.kill('SIGKILL');
    await fake.ended;
  });
});
