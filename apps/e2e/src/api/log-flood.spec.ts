import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import type { Run } from '@aikore/contract';
import { cpuTime, fakeWebui, type LogTail, residentMiB, type TestServer, until, writeBlueprint } from '@aikore/testing';
import { alarmsIn, note, useServer } from '../support/servers';

/** Promise P15 asks for 10 instances and a minute; every run of the suite does a part of it. */
const isLong = process.env['AIKORE_E2E_LONG'] === '1';
const load = isLong
  ? { instances: 10, seconds: 60, capMiB: 16, width: 100 }
  : { instances: 3, seconds: 15, capMiB: 8, width: 60 };
const linesPerSecond = 10_000;
const cap = load.capMiB * 1024 * 1024;
/** Of one core. Only a machine that does nothing else can show it. */
const maxCpu = isLong ? 0.3 : Infinity;

/** Bytes on the disk of each log: freed parts take none. */
async function logSizes(server: TestServer): Promise<number[]> {
  const root = join(server.dataDir, 'instances');
  const sizes: number[] = [];
  for (const directory of await readdir(root)) {
    const folder = join(root, directory, '.aikore/logs');
    for (const name of await readdir(folder).catch(() => [])) sizes.push((await stat(join(folder, name))).blocks * 512);
  }
  return sizes;
}

/** The numbers of the lines that do not follow the one before. */
function jumps(text: string): string[] {
  const numbers = [...text.matchAll(/^line (\d{8})/gm)].map((match) => Number(match[1]));
  return numbers.flatMap((value, at) => (value === at + 1 ? [] : [`${value} at place ${at + 1}`])).slice(0, 5);
}

test.describe('P15: logs are bounded and honest', () => {
  const using = useServer({ poolSize: load.instances + 1, env: { AIKORE_LOG_RUN_MAX_MB: String(load.capMiB) } });

  test(`${load.instances} × ${linesPerSecond} lines/s for ${load.seconds} s`, async () => {
    test.setTimeout(120_000 + load.seconds * 2000);
    const { server } = using;
    await writeBlueprint(server.dataDir, 'Flood.sh', fakeWebui({ spew: linesPerSecond, width: load.width }));
    const ids: number[] = [];
    for (let n = 1; n <= load.instances; n += 1) {
      ids.push((await server.create({ name: `flood ${n}`, base_blueprint: 'Flood.sh' })).id);
    }
    await Promise.all(ids.map((id) => server.act(id, 'start', 'started')));
    // One viewer each: every second one keeps up, the others stop reading.
    const viewers = await Promise.all(ids.map((id) => server.tailLog(id)));
    const [quick, stalled] = [0, 1].map((odd) => viewers.filter((_, at) => at % 2 === odd)) as [LogTail[], LogTail[]];
    for (const viewer of stalled) viewer.acknowledges = false;

    const before = { cpu: cpuTime(server.pid), at: performance.now() };
    let largest = 0;
    const end = before.at + load.seconds * 1000;
    while (performance.now() < end) {
      largest = Math.max(largest, ...(await logSizes(server)));
      await delay(200);
    }
    const cpu = (cpuTime(server.pid) - before.cpu) / (performance.now() - before.at);
    note('CPU of the server, of one core', `${(cpu * 100).toFixed(1)} %`);
    note('largest log on the disk', `${(largest / 1024 / 1024).toFixed(1)} of ${load.capMiB} MiB`);
    note('resident', `${Math.round(residentMiB(server.pid))} MiB`);

    await Promise.all(ids.map((id) => server.act(id, 'stop', 'stopped')));
    for (const viewer of stalled) {
      viewer.acknowledges = true;
      viewer.acknowledge();
    }
    await until(() => viewers.every(({ ended }) => ended.length > 0), 'every viewer to be told of the end', 60_000);
    for (const viewer of viewers) viewer.close();

    let dropped = 0;
    for (const [at, viewer] of viewers.entries()) {
      const [run] = await server.runs(ids[at] ?? 0);
      const { log_start, log_size } = run as Run;
      const missed = viewer.gaps.reduce((sum, { from, to }) => sum + to - from, 0);
      expect(viewer.faults).toEqual([]);
      expect(viewer.bytes + missed).toBe(log_start + log_size);
      expect(log_start).toBeGreaterThan(0);
      dropped += log_start;
    }
    note('dropped by the cap', `${Math.round(dropped / 1024 / 1024)} MiB`);
    for (const viewer of quick) expect([viewer.gaps, jumps(viewer.text)]).toEqual([[], []]);
    for (const viewer of stalled) expect(viewer.gaps.length).toBeGreaterThan(0);
    expect(largest).toBeLessThanOrEqual(cap);
    expect(cpu).toBeLessThan(maxCpu);
    expect(alarmsIn(server.output)).toEqual([]);
  });
});
