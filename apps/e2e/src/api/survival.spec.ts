import { expect, test } from '@playwright/test';
import type { Instance } from '@aikore/contract';
import {
  fakeWebui,
  isAlive,
  isFree,
  processesOfRun,
  type TestServer,
  timed,
  until,
  writeBlueprint,
} from '@aikore/testing';
import { alarmsIn, note, useServer } from '../support/servers';

/** Promise P8 asks for 10 instances and 100 kills; every run of the suite does a part of it. */
const isLong = process.env['AIKORE_E2E_LONG'] === '1';
const instanceCount = isLong ? 10 : 4;
const kills = isLong ? 100 : 5;
const adoptionMs = 5000;

interface App {
  id: number;
  runId: string;
  /** Of the launcher, as the API tells it. */
  pid: number;
  /** Of the app itself, as it tells. */
  ownPid: number;
  port: number;
}

async function appOf(server: TestServer, instance: Instance): Promise<App> {
  const own = JSON.parse((await server.app(instance)).text) as { pid: number; port: number };
  const { id, run } = instance;
  return { id, runId: run?.id ?? '', pid: run?.pid ?? 0, ownPid: own.pid, port: own.port };
}

/** The numbers of the lines of a log, in order. */
const numbersIn = (log: Buffer): number[] =>
  [...log.toString('latin1').matchAll(/^line (\d{8})$/gm)].map((match) => Number(match[1]));

/** Numbers that do not follow the one before. */
const faultsIn = (numbers: readonly number[]): string[] =>
  numbers.flatMap((value, index) => (value === index + 1 ? [] : [`${value} at place ${index + 1}`])).slice(0, 5);

test.describe.serial('P8: a restart of the server is invisible', () => {
  const using = useServer({ poolSize: instanceCount + 2 });
  const apps: App[] = [];

  test(`${instanceCount} instances run`, async () => {
    const { server } = using;
    test.setTimeout(120_000);
    await writeBlueprint(server.dataDir, 'Counter.sh', fakeWebui({ spew: 200 }));
    const created: Instance[] = [];
    for (let n = 1; n <= instanceCount; n += 1) {
      created.push(await server.create({ name: `counter ${n}`, base_blueprint: 'Counter.sh' }));
    }
    const started = await Promise.all(created.map(({ id }) => server.act(id, 'start', 'started')));
    for (const instance of started) apps.push(await appOf(server, instance));
  });

  test(`${kills} × kill -9: the same processes are adopted before the first answer, none twice, no line lost`, async () => {
    const { server } = using;
    test.setTimeout(60_000 + kills * 20_000);
    const boots: number[] = [];
    const adoptions: number[] = [];
    for (let n = 0; n < kills; n += 1) {
      const said = server.output.length;
      boots.push(await server.crashAndBoot());
      adoptions.push((boots.at(-1) ?? 0) - server.listenedAfter);
      // What the database says proves nothing: it said so before the kill.
      const adopted = [...server.output.slice(said).matchAll(/Adopted "(counter \d+)" \(pid (\d+)\)/g)];
      expect(new Set(adopted.map(([, , pid]) => Number(pid)))).toEqual(new Set(apps.map(({ pid }) => pid)));
      for (const app of apps) {
        const now = await server.get(app.id);
        expect(now).toMatchObject({
          status: 'started',
          run: { id: app.runId, pid: app.pid },
          desired_state: 'started',
        });
        expect(isAlive(app.ownPid)).toBe(true);
        // The launcher and the app; a bash in between has been replaced by exec.
        expect(
          processesOfRun(app.runId)
            .map(({ pid }) => pid)
            .sort(),
        ).toEqual([app.pid, app.ownPid].sort());
      }
    }
    note('server start to first answer, all adopted, worst', Math.max(...boots));
    note('listening to all adopted, worst', Math.max(...adoptions));
    expect(Math.max(...adoptions)).toBeLessThan(adoptionMs);
    for (const app of apps) {
      expect((await server.runs(app.id)).map(({ id }) => id)).toEqual([app.runId]);
      const { count } = JSON.parse((await server.app(await server.get(app.id), 'count')).text) as { count: number };
      const numbers = numbersIn(await server.log(app.id));
      expect(faultsIn(numbers)).toEqual([]);
      expect(numbers.length).toBeGreaterThanOrEqual(count);
    }
    expect(alarmsIn(server.output)).toEqual([]);
  });

  test('a socket client goes on after the restart without losing or doubling a byte', async () => {
    const { server } = using;
    const [app] = apps as [App];
    const tail = await server.tailLog(app.id);
    const before = numbersIn(Buffer.from(tail.text)).length;
    await server.crashAndBoot();
    tail.close();
    const again = await server.tailLog(app.id);
    await until(() => numbersIn(Buffer.from(again.text)).length > before + 50, 'new lines');
    expect([tail.faults, again.faults, again.gaps]).toEqual([[], [], []]);
    expect(faultsIn(numbersIn(Buffer.from(again.text)))).toEqual([]);
    again.close();
  });

  test('one that ended while the server was away shows its true exit code', async () => {
    const { server } = using;
    await writeBlueprint(server.dataDir, 'Ends.sh', fakeWebui({ 'exit-after': 4, 'exit-code': 42 }));
    const instance = await server.create({ name: 'ends alone', base_blueprint: 'Ends.sh' });
    const { run } = await server.act(instance.id, 'start', 'started');
    await server.kill9();
    await until(() => !isAlive(run?.pid ?? 0), 'the app to end by itself');
    await server.boot();
    const ended = await server.untilInstance(instance.id, ({ status }) => status === 'error', 'its error', 5000);
    expect(ended.run).toMatchObject({ id: run?.id, exit_code: 42, signal: null, reason: 'exited' });
    expect(ended.status_reason?.message).toContain('exit code 42');
    expect(ended.status_reason?.lines?.join('\n')).toContain('about to end');
  });

  test('stop still works after the adoption', async () => {
    const { server } = using;
    const times: number[] = [];
    for (const app of apps) {
      const { result, ms } = await timed(() => server.act(app.id, 'stop', 'stopped'));
      times.push(ms);
      expect(result.status).toBe('stopped');
      expect(processesOfRun(app.runId)).toEqual([]);
      expect(await isFree(app.port)).toBe(true);
    }
    note('stop of an adopted instance, worst', Math.max(...times));
  });

  test('a server that is asked to end leaves instances running, and says so', async () => {
    const { server } = using;
    const [app] = apps as [App];
    const instance = await server.act(app.id, 'start', 'started');
    const exit = await server.stop();
    expect(exit?.code).toBe(0);
    expect(exit?.output).toContain('1 instance(s) go on running');
    expect(isAlive(instance.run?.pid ?? 0)).toBe(true);
    await server.boot();
    expect((await server.get(app.id)).run?.pid).toBe(instance.run?.pid);
  });
});
