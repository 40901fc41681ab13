import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, statfsSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { RunBench } from './fixtures/run-bench';

describe('a run on a disk that is full', () => {
  let bench: RunBench;
  let small: string;
  let isMounted = false;
  beforeEach(() => {
    bench = new RunBench();
    small = bench.path('small');
    mkdirSync(small);
  });
  afterEach(async () => {
    if (isMounted) execFileSync('umount', ['-l', small]);
    isMounted = false;
    await bench.dispose();
  });

  const mount = (context: TestContext): void => {
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', small], { stdio: 'ignore' });
      isMounted = true;
    } catch {
      context.skip('a tmpfs cannot be mounted here (needs root)');
    }
  };
  const fill = (): void => {
    const { bavail, bsize } = statfsSync(small);
    writeFileSync(`${small}/filler`, Buffer.alloc(bavail * bsize));
  };

  it('cannot start, and says why', async (context) => {
    mount(context);
    mkdirSync(`${small}/run`);
    fill();
    const launching = bench.launch('exit 0', { runDir: `${small}/run`, logFile: `${small}/log` });
    await expect(launching).rejects.toMatchObject({
      step: 'run_dir',
      code: 'ENOSPC',
      message: expect.stringMatching(/disk is full/) as string,
    });
    expect(readdirSync(`${small}/run`)).toEqual([]);
  });

  it('still tells its true exit code when the disk filled up meanwhile', async (context) => {
    mount(context);
    const script = 'cat /dev/zero > filler; exit 9';
    const run = await bench.launch(script, { cwd: small, runDir: `${small}/run`, logFile: `${small}/log` });
    expect(await run.exited).toMatchObject({ code: 9, signal: null, lost: null });
  });
});
