import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Freezer } from './fixtures/freezer';
import { RunBench, until } from './fixtures/run-bench';
import { RunTraces } from './fixtures/survivors';
import type { RunHandle } from './run-launcher';

// $M is the word. `hold` = a shell that waits for ever, with the word in its arguments.
const prelude = `hold() { echo ready; while :; do sleep 5; done; }; export -f hold; `;
const corpus: [string, string, number][] = [
  ['an obedient tree', `bash -c hold $M & bash -c hold $M & hold`, 3],
  ['a double fork', `( ( bash -c hold $M & ) & ) ; hold`, 2],
  ['setsid', `setsid bash -c hold $M & hold`, 2],
  ['nohup', `nohup bash -c hold $M >>$L 2>&1 & hold`, 2],
  ['one that ignores TERM', `bash -c 'trap "" TERM HUP INT; hold' $M & hold`, 2],
  ['one that is stopped', `bash -c 'echo ready; kill -STOP $$; hold' $M & hold`, 2],
  [
    'a daemon: double fork, setsid, cleared environment',
    `( setsid env -i bash -c 'trap "" TERM; echo ready; while :; do sleep 5; done' $M & ) ; hold`,
    2,
  ],
  [
    'a daemon whose parents are gone before the stop',
    `( ( setsid env -i bash -c 'echo ready; while :; do sleep 5; done' $M & ) & ) & sleep 0.2; hold`,
    2,
  ],
  [
    'one that answers TERM with new processes',
    `bash -c 'trap "for i in 1 2 3 4 5; do setsid env -i bash -c \\"sleep 60\\" $0 & done" TERM; hold' $M & hold`,
    2,
  ],
  [
    'one that forks while it is killed',
    `bash -c 'trap "" TERM; echo ready; while :; do bash -c "sleep 60" $0 & sleep 0.01; done' $M & hold`,
    2,
  ],
  [
    'a chain: each forks the next and exits',
    `perl -e '$SIG{TERM}="IGNORE"; $|=1; print "ready\\n"; while (1) { my $p = fork; exit 0 if $p; select(undef,undef,undef,0.002) }' $M & hold`,
    2,
  ],
  [
    'a chain that changes its session each time',
    `perl -MPOSIX -e '$SIG{TERM}="IGNORE"; $|=1; print "ready\n"; while (1) { my $p = fork; exit 0 if $p; POSIX::setsid(); select(undef,undef,undef,0.002) }' $M & hold`,
    2,
  ],
];

describe.each([{ cgroups: true }, { cgroups: false }])('stop leaves no survivor (cgroups: $cgroups)', ({ cgroups }) => {
  let bench: RunBench;
  let traces: RunTraces | null;
  beforeEach(() => {
    bench = new RunBench({ cgroups });
    traces = null;
  });
  afterEach(async () => {
    await bench.dispose();
    await traces?.kill();
  });

  const launch = async (script: string, ready: number): Promise<RunHandle> => {
    const mark = `mark-${bench.dir.slice(-6)}`;
    const log = bench.path('log');
    const env = { PATH: '/usr/bin:/bin', M: mark, L: log };
    const run = await bench.launch('', { argv: ['bash', '-c', prelude + script, mark], env, logFile: log });
    await until(() => (readFileSync(log, 'utf8').match(/^ready$/gm)?.length ?? 0) >= ready, 'all ready');
    traces = new RunTraces(run.identity.pid, mark);
    return run;
  };

  it.each(corpus)('%s', async (_name, script, ready) => {
    const run = await launch(script, ready);
    const began = performance.now();
    const report = await bench.launcher.stop(run, { graceMs: 300, deadlineMs: 15_000 });
    expect(report.survivors).toEqual([]);
    expect(performance.now() - began).toBeLessThan(15_000);
    expect(await traces?.survivors()).toEqual([]);
    expect(report.exit).toMatchObject({ code: null, lost: null });
    expect(await run.exited).toEqual(report.exit);
  });

  it('gives a process the grace to leave by itself, and says how it ended', async () => {
    const run = await launch(`trap 'echo bye; exit 5' TERM; echo ready; while :; do sleep 0.05; done`, 1);
    const began = performance.now();
    const report = await bench.launcher.stop(run, { graceMs: 10_000, deadlineMs: 15_000 });
    expect(report).toMatchObject({ survivors: [], killed: 0, exit: { code: 5, signal: null } });
    expect(performance.now() - began).toBeLessThan(2000);
    expect(await bench.log(run)).toBe('');
    expect(readFileSync(bench.path('log'), 'utf8')).toMatch(/bye\n$/);
  });

  it('names a process that nothing can end; the next stop looks again', async (context) => {
    const frozen = Freezer.make(bench.dir);
    if (!frozen) return context.skip('no writable cgroup v1 freezer here');
    const run = await launch(`bash -c hold $M & hold`, 2);
    try {
      const [member] = (await bench.launcher.members(run)).filter(({ command }) => command.includes('-c hold'));
      await frozen.freeze(member?.pid ?? 0);
      const { survivors } = await bench.launcher.stop(run, { graceMs: 0, deadlineMs: 500 });
      expect(survivors).toEqual([expect.objectContaining({ pid: member?.pid, command: member?.command })]);
    } finally {
      await frozen.thaw();
    }
    expect((await bench.launcher.stop(run, { graceMs: 0, deadlineMs: 5000 })).survivors).toEqual([]);
    frozen.remove();
  });

  it('counts what it had to kill', async () => {
    const run = await launch(`trap '' TERM; hold`, 1);
    const report = await bench.launcher.stop(run, { graceMs: 100, deadlineMs: 5000 });
    expect(report.killed).toBeGreaterThanOrEqual(1);
    expect(report.exit).toMatchObject({ code: null, signal: 'SIGKILL' });
  });

  it('can be asked again, by two at once', async () => {
    const run = await launch('hold', 1);
    const options = { graceMs: 500, deadlineMs: 5000 };
    const reports = await Promise.all([bench.launcher.stop(run, options), bench.launcher.stop(run, options)]);
    reports.push(await bench.launcher.stop(run, options));
    for (const report of reports) expect(report).toMatchObject({ survivors: [], exit: { signal: 'SIGTERM' } });
  });

  it('does not wait for a slow disk, and knows how the command ended all the same', async () => {
    const slow = `package SlowSync; use IO::Handle; no warnings; *IO::Handle::sync = sub { sleep 30 }; 1;`;
    await bench.script('SlowSync.pm', slow);
    const perlPath = await bench.script('perl', `#!/bin/sh\nexec /usr/bin/perl -I '${bench.dir}' -MSlowSync "$@"\n`);
    const patient = new RunBench({ cgroups, perlPath });
    try {
      const run = await patient.launch('sleep 60');
      const began = performance.now();
      const report = await patient.launcher.stop(run, { graceMs: 10_000, deadlineMs: 15_000 });
      expect(report).toMatchObject({ survivors: [], killed: 0, exit: { signal: 'SIGTERM', lost: null } });
      expect(performance.now() - began).toBeLessThan(1000);
      process.kill(run.identity.pid, 'SIGKILL');
    } finally {
      await patient.dispose();
    }
  });

  it('leaves no cgroup behind', async (context) => {
    if (cgroups && !bench.launcher.usesCgroups) context.skip('no writable cgroup v2 tree here');
    const run = await launch('hold', 1);
    const procs = readFileSync(`/proc/${(await bench.launcher.members(run))[0]?.pid}/cgroup`, 'utf8');
    const leaf = /^0::(.*)$/m.exec(procs)?.[1] ?? '/';
    expect(leaf.endsWith(`/${run.runId}`)).toBe(cgroups);
    await bench.launcher.stop(run, { graceMs: 500, deadlineMs: 5000 });
    const mounts = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'];
    if (cgroups) expect(mounts.filter((mount) => existsSync(mount + leaf))).toEqual([]);
  });
});
