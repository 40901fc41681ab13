import { expect, test } from '@playwright/test';
import type { CreateInstance, Instance } from '@aikore/contract';
import { fakeWebui, type FakeWebuiFlags, timed, until, writeBlueprint } from '@aikore/testing';
import { note, useServer } from '../support/servers';

const noticedMs = 2000;

test.describe('P10: the status is true', () => {
  const using = useServer();

  const create = async (name: string, flags: FakeWebuiFlags, more: Partial<CreateInstance> = {}, header = {}) => {
    const { server } = using;
    const blueprint = await writeBlueprint(server.dataDir, `${name.replace(/\W+/g, '-')}.sh`, fakeWebui(flags), header);
    return server.create({ name, base_blueprint: blueprint, ...more });
  };

  const becomes = (id: number, status: Instance['status'], ms?: number): Promise<Instance> =>
    using.server.untilInstance(id, (instance) => instance.status === status, `status ${status}`, ms);

  test('a crash after started is an error with its code and last lines', async () => {
    const { server } = using;
    const { id } = await create('crashes later', {});
    const instance = await server.act(id, 'start', 'started');
    await server.app(instance, 'exit?code=7');
    const { result, ms } = await timed(() => becomes(id, 'error', noticedMs));
    note('exit noticed', ms);
    expect(result.status_reason).toMatchObject({ code: 'exited', message: 'It ended with exit code 7.' });
    expect(result.status_reason?.lines?.at(-1)).toBe('one last word');
    expect(result.run).toMatchObject({ exit_code: 7, signal: null, reason: 'exited' });
    expect(result.allowedActions).toEqual(['start', 'stop', 'edit', 'delete']);
  });

  test('an end with code 0 is stopped, not an error', async () => {
    const { server } = using;
    const { id } = await create('ends well', {});
    await server.app(await server.act(id, 'start', 'started'), 'exit?code=0');
    const instance = await becomes(id, 'stopped', noticedMs);
    expect(instance.run).toMatchObject({ exit_code: 0, reason: 'exited' });
    expect(instance.status_reason?.message).toContain('exit code 0');
  });

  test('a kill is an error with its signal', async () => {
    const { server } = using;
    const { id } = await create('is killed', {});
    await server.app(await server.act(id, 'start', 'started'), 'signal?name=SIGKILL');
    const { result, ms } = await timed(() => becomes(id, 'error', noticedMs));
    note('kill noticed', ms);
    expect(result.run).toMatchObject({ exit_code: null, signal: 'SIGKILL' });
    expect(result.status_reason?.message).toContain('SIGKILL');
  });

  test('an app that ends at once is an error, and the start that waits says why', async () => {
    const { server } = using;
    const blueprint = await writeBlueprint(server.dataDir, 'at-once.sh', 'echo "no CUDA here" >&2\nexit 3');
    const { id } = await server.create({ name: 'at once', base_blueprint: blueprint });
    const { result, ms } = await timed(() => server.act(id, 'start', 'started').catch((error: Error) => error.message));
    expect(result).toMatch(/409.*exit code 3/s);
    note('start that fails at once', ms);
    expect((await server.get(id)).status_reason?.lines).toEqual(['no CUDA here']);
  });

  /** Milliseconds from an app's first listening to the news that it is started. */
  const delayOf = async (name: string, readyAfter: number): Promise<number> => {
    const { server } = using;
    const { id } = await create(name, { 'ready-after': readyAfter });
    const live = await server.joinInstances();
    await server.act(id, 'start', 'started');
    const told = await until(
      () => live.changes.find(({ instance }) => instance.id === id && instance.status === 'started'),
      'the news',
    );
    const opened = Number(/ at (\d+)/.exec((await server.log(id)).toString())?.[1]);
    live.close();
    await server.act(id, 'stop', 'stopped');
    return performance.timeOrigin + told.at - opened;
  };

  test('port open to started within 250 ms', async () => {
    test.setTimeout(120_000);
    let median = Number.POSITIVE_INFINITY;
    // A machine that does other work as well gets more than one chance.
    for (let series = 0; series < 3 && median >= 250; series += 1) {
      const delays: number[] = [];
      for (let n = 0; n < 5; n += 1) delays.push(await delayOf(`ready ${series} ${n}`, 0.7 + n / 10));
      delays.sort((a, b) => a - b);
      median = delays[2] ?? median;
      note('port open to started, median of 5', median);
      note('port open to started, worst of 5', delays[4] ?? 0);
    }
    expect(median).toBeLessThan(250);
  });

  test('answers of 500 and above are not yet started', async () => {
    const { server } = using;
    const { id } = await create('warming up', { status: 503, 'status-for': 1.5 });
    const { ms } = await timed(() => server.act(id, 'start', 'started'));
    expect(ms).toBeGreaterThan(1500);
  });

  test('silence is stalled, a word is starting, an answer is started; never the clock alone', async () => {
    const { server } = using;
    test.setTimeout(90_000);
    const flags: FakeWebuiFlags = { 'ready-after': 13, quiet: true, 'speak-after': 8 };
    const { id } = await create('slow', flags, {}, { start_timeout: 5 });
    const live = await server.joinInstances();
    await server.act(id, 'start');
    const stalled = await becomes(id, 'stalled', 12_000);
    expect(stalled.status_reason?.code).toBe('no_answer');
    expect(stalled.allowedActions).toContain('stop');
    const started = await becomes(id, 'started', 20_000);
    expect(started.status_reason).toBeNull();
    await until(() => live.byId.get(id)?.status === 'started', 'the news of it');
    const statuses = live.changes.filter(({ instance }) => instance.id === id).map(({ instance }) => instance.status);
    const distinct = statuses.filter((status, index) => status !== statuses[index - 1]);
    expect(distinct).toEqual(['starting', 'stalled', 'starting', 'started']);
    live.close();
  });

  test('output keeps a start from being called stalled', async () => {
    const { server } = using;
    const { id } = await create('chatty', { 'ready-after': 8, spew: 2 }, {}, { start_timeout: 5 });
    const live = await server.joinInstances();
    await server.act(id, 'start', 'started');
    expect(live.changes.map(({ instance }) => instance.status)).not.toContain('stalled');
    live.close();
  });

  test('progress is installing, with its step', async () => {
    const { server } = using;
    const steps = [
      'source "$AIKORE_BLUEPRINT_LIB/aikore.sh"',
      'ak_install_steps 3',
      'ak_step "Fetching"',
      'sleep 1',
      'ak_step "Unpacking"',
      'ak_progress 1 4 "a quarter"',
      'sleep 1',
      'ak_launch "Off we go"',
      fakeWebui({ 'ready-after': 0.5 }),
    ];
    const blueprint = await writeBlueprint(server.dataDir, 'installs.sh', steps.join('\n'));
    const { id } = await server.create({ name: 'installs', base_blueprint: blueprint });
    const live = await server.joinInstances();
    await server.act(id, 'start', 'started');
    const seen = live.changes.filter(({ instance }) => instance.id === id).map(({ instance }) => instance);
    expect(seen.map(({ progress }) => progress?.text)).toEqual(expect.arrayContaining(['Fetching', 'a quarter']));
    const quarter = seen.find(({ progress }) => progress?.text === 'a quarter');
    expect(quarter).toMatchObject({ status: 'installing', progress: { step: 2, steps: 3, part: 0.25 } });
    live.close();
  });
});

test.describe('the restart policy', () => {
  const using = useServer();

  test('brings a failed app back, after 1 and 2 seconds', async () => {
    const { server } = using;
    const flags: FakeWebuiFlags = { 'exit-after': 0.3, 'exit-code': 1 };
    const blueprint = await writeBlueprint(server.dataDir, 'fails.sh', fakeWebui(flags));
    const { id } = await server.create({ name: 'fails', base_blueprint: blueprint, restart_policy: 'on-failure' });
    await server.act(id, 'start');
    const waiting = await server.untilInstance(id, ({ restarts }) => restarts === 1, 'the first restart');
    expect(waiting).toMatchObject({ desired_state: 'started' });
    await server.untilInstance(id, (now) => now.restarts === 3 && now.status === 'error', 'the third wait', 20_000);
    const runs = (await server.runs(id)).reverse();
    const gaps = runs.slice(1, 3).map((run, n) => Date.parse(run.started_at) - Date.parse(runs[n]?.ended_at ?? ''));
    note('backoff', gaps.join(', '));
    expect(gaps[0]).toBeGreaterThan(900);
    expect(gaps[1]).toBeGreaterThan(1900);
    expect((await server.get(id)).status_reason).toMatchObject({
      code: 'restarting',
      message: expect.stringMatching(/in 4 s/),
    });
    const stopped = await server.act(id, 'stop', 'stopped');
    expect(stopped).toMatchObject({ status: 'stopped', desired_state: 'stopped' });
  });

  test('leaves one that ended well alone', async () => {
    const { server } = using;
    const blueprint = await writeBlueprint(server.dataDir, 'fine.sh', 'exit 0');
    const { id } = await server.create({ name: 'fine', base_blueprint: blueprint, restart_policy: 'on-failure' });
    await server.act(id, 'start');
    const ended = await server.untilInstance(id, ({ status }) => status === 'stopped', 'its end');
    expect(ended).toMatchObject({ restarts: 0, desired_state: 'stopped' });
  });
});
