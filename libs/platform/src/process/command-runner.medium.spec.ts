import { describe, expect, it } from 'vitest';
import type { CommandSpec } from './command-runner';
import { NodeCommandRunner } from './node-command-runner';

const runner = new NodeCommandRunner();
const run = (argv: CommandSpec['argv'], more: Partial<CommandSpec> = {}) =>
  runner.run({
    argv,
    env: { PATH: '/usr/bin:/bin' },
    cwd: '/',
    stdin: '',
    timeoutMs: 30_000,
    maxOutputBytes: 1_000_000,
    ...more,
  });

describe('NodeCommandRunner', () => {
  it('hands over the input and answers with the output', async () => {
    const stdin = 'ä\n'.repeat(100_000);
    expect(await run(['cat'], { stdin })).toEqual({ end: 'exited', code: 0, stdout: stdin });
  });

  it('passes arguments as they are, and nothing of the environment but what it was given', async () => {
    const answer = await run(['env'], { env: { PATH: '/usr/bin:/bin', A: '$(id)' } });
    expect(answer).toEqual({ end: 'exited', code: 0, stdout: 'PATH=/usr/bin:/bin\nA=$(id)\n' });
    expect(await run(['echo', '$HOME; id'])).toMatchObject({ stdout: '$HOME; id\n' });
  });

  it('tells a failure from a program that is not there', async () => {
    expect(await run(['false'])).toMatchObject({ end: 'exited', code: 1 });
    expect(await run(['no-such-program-of-aikore'])).toEqual({ end: 'not_found' });
    await expect(run(['/etc/passwd'])).rejects.toMatchObject({ code: 'EACCES' });
  });

  it('does not mind a command that does not read', async () => {
    expect(await run(['true'], { stdin: 'x'.repeat(1_000_000) })).toMatchObject({ end: 'exited', code: 0 });
  });

  it('kills what takes too long or writes too much', async () => {
    expect(await run(['sleep', '600'], { timeoutMs: 50 })).toEqual({ end: 'killed', reason: 'timeout' });
    expect(await run(['yes'], { maxOutputBytes: 10_000 })).toEqual({ end: 'killed', reason: 'output' });
    // What it started itself keeps the pipe open.
    const started = performance.now();
    const forks = await run(['sh', '-c', 'sleep 3 & wait'], { timeoutMs: 50 });
    expect(forks).toEqual({ end: 'killed', reason: 'timeout' });
    expect(performance.now() - started).toBeLessThan(2_800);
  });
});
