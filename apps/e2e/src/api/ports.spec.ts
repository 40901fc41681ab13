import type { Server } from 'node:net';
import { expect, test } from '@playwright/test';
import { type Instance, routes } from '@aikore/contract';
import { fakeWebui, listenOn, processesOfRun, Random, until, writeBlueprint } from '@aikore/testing';
import { alarmsIn, note, useServer } from '../support/servers';

/** Ports that two instances hold. */
function doubles(instances: readonly Instance[]): number[] {
  const ports = instances.flatMap(({ port }) => port ?? []);
  return ports.filter((port, index) => ports.indexOf(port) !== index);
}

test.describe.serial('P14: ports', () => {
  const using = useServer({ poolSize: 5 });
  let stranger: Server | null = null;
  test.afterAll(() => void stranger?.close());

  test('eight parallel starts of one instance: one starts it, the others are told', async () => {
    const { server } = using;
    await writeBlueprint(server.dataDir, 'App.sh', fakeWebui());
    const { id } = await server.create({ name: 'wanted', base_blueprint: 'App.sh' });
    const start = () => server.api.ask(routes.actOnInstance, { params: { id, action: 'start' } });
    const answers = await Promise.all(Array.from({ length: 8 }, start));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, ...Array<number>(7).fill(409)]);
    for (const { error } of answers) if (error) expect(error.code).toBe('wrong_state');
    const instance = await server.untilInstance(id, ({ status }) => status === 'started', 'the start');
    expect(await server.runs(id)).toHaveLength(1);
    expect(processesOfRun(instance.run?.id ?? '')).toHaveLength(2);
    await server.act(id, 'stop', 'stopped');
  });

  test('200 parallel calls on a pool of five: no port twice, clear refusals', async () => {
    const { server } = using;
    // Some 150 processes are started and stopped.
    test.setTimeout(300_000);
    const ids = [(await server.list())[0]?.id ?? 0];
    const random = new Random(19_001);
    let names = 0;
    const call = async (): Promise<{ status: number; code: string; message: string }> => {
      const kind = random.pick(['create', 'start', 'start', 'stop'] as const);
      const answer =
        kind === 'create'
          ? await server.api.ask(routes.createInstance, {
              body: {
                name: `n${(names += 1)}`,
                base_blueprint: 'App.sh',
                ...(random.next() < 0.5 ? { port: server.pool.from + random.below(5) } : {}),
              },
            })
          : await server.api.ask(routes.actOnInstance, { params: { id: random.pick(ids), action: kind } });
      if (kind === 'create' && answer.status === 201) ids.push(answer.data.id);
      return { status: answer.status, code: answer.error?.code ?? '', message: answer.error?.message ?? '' };
    };
    const answers = await Promise.all(Array.from({ length: 200 }, call));
    const counts: Record<string, number> = {};
    for (const { status, code } of answers) counts[`${status} ${code}`] = (counts[`${status} ${code}`] ?? 0) + 1;
    note('200 calls', JSON.stringify(counts));
    const allowed = ['201 ', '202 ', '409 wrong_state', '409 port_taken', '503 no_free_port'];
    expect(Object.keys(counts).filter((key) => !allowed.includes(key))).toEqual([]);
    for (const { code, message } of answers)
      if (code === 'port_taken') expect(message).toMatch(/belongs to .*"(n\d+|wanted)"/);
    expect(doubles(await server.list())).toEqual([]);
    await until(
      async () => (await server.list()).every(({ status }) => !['starting', 'stopping'].includes(status)),
      'the calls to settle',
      120_000,
    );
    const settled = await server.list();
    expect(doubles(settled)).toEqual([]);
    for (const { status, run } of settled) {
      if (status === 'started') expect(processesOfRun(run?.id ?? '')).toHaveLength(2);
      else if (run) expect(processesOfRun(run.id)).toEqual([]);
    }
    // Those that found no port say so, and who has them all.
    for (const { status, status_reason } of settled) {
      if (status === 'error') expect(status_reason).toMatchObject({ code: 'port_unavailable' });
    }
    const { ports } = await server.api.call(routes.listPorts);
    expect(ports.filter(({ state }) => state === 'leased')).toHaveLength(5);
    expect(alarmsIn(server.output)).toEqual([]);
  });

  test('a stranger on the pool is named, gone round, and not disturbed', async () => {
    const { server } = using;
    for (const { id, status } of await server.list()) {
      if (status === 'started') await server.act(id, 'stop', 'stopped');
      await server.api.call(routes.deleteInstance, { params: { id }, query: { mode: 'permanent' } });
    }
    const port = server.pool.from;
    stranger = await until(() => listenOn(port).catch(() => null), 'the server to let the port go');
    const listed = (await server.api.call(routes.listPorts)).ports.find((entry) => entry.port === port);
    expect(listed).toMatchObject({ state: 'foreign', instance_id: null });
    expect(listed?.holder).toContain(String(process.pid));
    const refused = await server.api.ask(routes.createInstance, {
      body: { name: 'insists', base_blueprint: 'App.sh', port },
    });
    expect([refused.status, refused.error?.code]).toEqual([409, 'port_taken']);
    expect(refused.error?.message).toContain(String(process.pid));
    const instance = await server.create({ name: 'goes round', base_blueprint: 'App.sh' });
    expect(instance.port).toBe(port + 1);
    await server.act(instance.id, 'start', 'started');
    expect(stranger.listening).toBe(true);
  });

  test('a port that a stranger took meanwhile is healed at the next start', async () => {
    const { server } = using;
    const instance = (await server.list()).find(({ name }) => name === 'goes round') as Instance;
    await server.act(instance.id, 'stop', 'stopped');
    await server.stop();
    const second = await listenOn(instance.port ?? 0);
    try {
      await server.boot();
      const started = await server.act(instance.id, 'start', 'started');
      expect(started.port).toBe(server.pool.from + 2);
      expect(JSON.parse((await server.app(started)).text)).toMatchObject({ run: started.run?.id });
    } finally {
      second.close();
    }
  });
});
