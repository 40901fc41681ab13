import { mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { stat } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunBench, until } from './fixtures/run-bench';
import { readAllStats, readEnvironment } from './procfs';
import { SpawnError, type LaunchSpec } from './run-launcher';
import { runLauncherContract } from './run-launcher.contract';

let bench: RunBench;
beforeEach(() => {
  bench = new RunBench();
});
afterEach(() => bench.dispose());

runLauncherContract('PerlRunLauncher', async () => ({
  launcher: bench.launcher,
  spec: (runId) => bench.spec(`until [ -s end-${runId} ]; do sleep 0.02; done; exit $(cat end-${runId})`, { runId }),
  end: async (runId, code) => writeFileSync(bench.path(`end-${runId}`), String(code)),
}));

describe('a run', () => {
  it.each([0, 1, 3, 126, 127, 143, 255])('ends with its true code %i', async (code) => {
    const run = await bench.launch(`exit ${code}`);
    const exit = await run.exited;
    expect(exit).toMatchObject({ code, signal: null, lost: null });
    expect(Math.abs(exit.endedAt.getTime() - Date.now())).toBeLessThan(2000);
  });

  it.each(['SIGKILL', 'SIGSEGV', 'SIGTERM', 'SIGHUP', 'SIGINT'])('ends with its true signal %s', async (signal) => {
    const run = await bench.launch(`kill -s ${signal.slice(3)} $$`);
    expect(await run.exited).toMatchObject({ code: null, signal, lost: null });
  });

  it('sees its own environment, folder, arguments and an empty stdin, and nothing of the server', async () => {
    const odd = `$(touch owned) "'; touch owned; \n é`;
    const argv = ['bash', '-c', 'env; pwd; printf %s "$1"; cat', 'x', odd];
    const run = await bench.launch('', { argv, env: { PATH: '/usr/bin:/bin', GREETING: 'hi' } });
    await run.exited;
    const log = await bench.log(run);
    const names = [...log.matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1]);
    expect(new Set(names)).toEqual(
      new Set(['PATH', 'GREETING', 'AIKORE_RUN_ID', 'AIKORE_SERVER_ID', 'PWD', 'SHLVL', '_']),
    );
    expect(log).toContain(`AIKORE_RUN_ID=${run.runId}\n`);
    expect(log.endsWith(`${bench.dir}\n${odd}`)).toBe(true);
    expect(readdirSync(bench.dir)).not.toContain('owned');
  });

  it('appends both streams to the log, and runs with default signals', async () => {
    writeFileSync(bench.path('both.log'), 'before\n');
    const script = 'echo out; echo err >&2; grep -E "^Sig(Ign|Blk)" /proc/$$/status';
    const run = await bench.launch(script, { logFile: bench.path('both.log') });
    await run.exited;
    const log = readFileSync(bench.path('both.log'), 'utf8');
    expect(log.startsWith('before\nout\nerr\n')).toBe(true);
    expect(log.match(/0000000000000000/g)).toHaveLength(2);
  });

  it('takes 10 MB without a newline', async () => {
    const run = await bench.launch('head -c 10000000 /dev/zero');
    expect(await run.exited).toMatchObject({ code: 0 });
    expect((await stat(bench.path(`${run.runId}.log`))).size).toBe(10_000_000);
  });

  it('holds no socket, database or other file of the server', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const run = await bench.launch('sleep 60');
    const links = [run.identity.pid, ...(await bench.launcher.members(run)).map(({ pid }) => pid)].flatMap((pid) =>
      readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`)),
    );
    const log = bench.path(`${run.runId}.log`);
    const exit = `${bench.runDir}/${run.runId}.exit.json.tmp`;
    expect(new Set(links)).toEqual(new Set(['/dev/null', log, exit]));
    await new Promise((resolve) => server.close(resolve));
  });

  it('lists its processes, and does not end before its command does', async () => {
    const run = await bench.launch('sleep 60 & exec sleep 61');
    const members = await until(async () => {
      const found = await bench.launcher.members(run);
      return found.length === 2 && found.every(({ command }) => command.startsWith('sleep')) ? found : null;
    }, 'two sleeps');
    expect(members.map(({ command }) => command).sort()).toEqual(['sleep 60', 'sleep 61']);
    expect(members.every(({ rssBytes }) => rssBytes > 0)).toBe(true);
  });

  it('is over when its command is, and stop removes what that left behind', async () => {
    const run = await bench.launch('sleep 60 & exit 4');
    expect(await run.exited).toMatchObject({ code: 4 });
    expect(await bench.launcher.members(run)).toHaveLength(1);
    const report = await bench.launcher.stop(run, { graceMs: 1000, deadlineMs: 5000 });
    expect(report).toMatchObject({ survivors: [], killed: 0, exit: { code: 4 } });
  });

  it('is forgotten without a trace', async () => {
    const run = await bench.launch('exit 0');
    await run.exited;
    await bench.launcher.forget(run);
    expect(readdirSync(bench.runDir)).toEqual([]);
  });
});

describe('a run that cannot start', () => {
  const cases: [string, Partial<LaunchSpec> | (() => Partial<LaunchSpec>), object, RegExp][] = [
    [
      'no such program',
      { argv: ['no-such-bash'] },
      { step: 'command', code: 'ENOENT' },
      /"no-such-bash" was not found/,
    ],
    ['no such folder', { cwd: '/no/such/folder' }, { step: 'cwd', code: 'ENOENT' }, /folder .* does not exist/],
    [
      'log folder missing',
      { logFile: '/no/such/x.log' },
      { step: 'log', code: 'ENOENT' },
      /log file .* not be written/,
    ],
    ['a program without x', { argv: ['/etc/passwd'] }, { step: 'command', code: 'EACCES' }, /chmod \+x/],
    ['a full disk', { logFile: '/proc/x.log' }, { step: 'log' }, /could not be written/],
    ['no run folder', { runDir: '/proc/run' }, { step: 'run_dir' }, /./],
    ['a bad id', { runId: '../x' }, { step: 'spec' }, /run id/],
    ['NUL', { argv: ['bash', 'a\0b'] }, { step: 'spec' }, /NUL/],
    ['too many arguments', { argv: ['bash', ...Array<string>(100).fill('x'.repeat(120_000))] }, {}, /too large/],
  ];

  it.each(cases)('%s: a typed error with a sentence, nothing left', async (_name, more, error, sentence) => {
    const spec = bench.spec('sleep 60', typeof more === 'function' ? more() : more);
    const thrown = await bench.launcher.launch(spec).catch((caught: unknown) => caught);
    expect(thrown).toBeInstanceOf(SpawnError);
    expect(thrown).toMatchObject(error);
    expect((thrown as Error).message).toMatch(sentence);
    const left = readdirSync(bench.dir, { recursive: true }).filter((name) => name !== 'run');
    expect(left).toEqual([]);
    const marks = await Promise.all([...readAllStats().keys()].map(readEnvironment));
    expect(marks.flat()).not.toContain(`AIKORE_RUN_ID=${spec.runId}-${bench.dir}`);
    expect(await bench.launcher.members({ ...spec, identity: null })).toEqual([]);
  });

  it('says so when perl is missing, and refuses an id that was used', async () => {
    const other = new RunBench({ perlPath: '/no/such/perl' });
    await expect(other.launcher.launch(other.spec('true'))).rejects.toThrow(/needs \/no\/such\/perl.*perl-base/);
    await other.dispose();
    const run = await bench.launch('exit 0');
    await run.exited;
    await expect(bench.launcher.launch(bench.spec('true', { runId: run.runId }))).rejects.toThrow(/used before/);
  });

  it('survives a run folder that is a file', async () => {
    mkdirSync(bench.runDir);
    writeFileSync(`${bench.runDir}/f`, '');
    await expect(bench.launcher.launch(bench.spec('true', { runDir: `${bench.runDir}/f` }))).rejects.toThrow(
      SpawnError,
    );
  });
});
