import { expect, test } from '@playwright/test';
import { routes, sockets, type SocketRequest } from '@aikore/contract';
import { fakeWebui, http, inParallel, openSocket, Random, raw, residentMiB, writeBlueprint } from '@aikore/testing';
import { hostileBytes, hostileRequest, someInstance } from '../support/hostile-requests';
import { alarmsIn, note, useServer } from '../support/servers';

/** Promise P5 asks for 10,000 requests and 2,000 sessions; every run of the suite does a part of it. */
const isLong = process.env['AIKORE_E2E_LONG'] === '1';
const requestCount = isLong ? 10_000 : 1600;
const rawCount = isLong ? 2000 : 400;
const sessionCount = isLong ? 2000 : 300;
/** 503 is an answer with a reason: an app that does not run, or a pool that is used up. */
const isFault = (status: number): boolean => status >= 500 && status !== 503;

test.describe('P5: hostile clients', () => {
  const using = useServer({ poolSize: 4 });
  let pid = 0;

  test.beforeAll(async () => {
    const { server } = using;
    await writeBlueprint(server.dataDir, 'App.sh', fakeWebui());
    const { id } = await server.create({ name: 'x', base_blueprint: 'App.sh' });
    await server.act(id, 'start', 'started');
    pid = server.pid;
  });

  const isUnharmed = async (): Promise<void> => {
    const { server } = using;
    expect(server.pid).toBe(pid);
    expect(await server.api.call(routes.health)).toMatchObject({ status: 'ok' });
    expect((await server.list()).find(({ name }) => name === 'x')).toMatchObject({ status: 'started' });
    expect(alarmsIn(server.output)).toEqual([]);
  };

  test(`${requestCount} generated requests: no 5xx`, async () => {
    const { server } = using;
    test.setTimeout(60_000 + requestCount * 100);
    const random = new Random(20_261_124);
    const faults: string[] = [];
    const counts: Record<number, number> = {};
    const makeVictim = async (): Promise<number> =>
      (await server.create({ name: `victim ${random.next()}`, base_blueprint: 'App.sh' })).id;
    let victim = await makeVictim();
    const reached: Record<string, number> = {};
    const tasks = Array.from({ length: requestCount }, () => hostileRequest(random, server.api.headers)).map(
      ({ method, path: asked, headers, body }) =>
        async () => {
          const path = asked.replace(someInstance, String(victim));
          const answer = await http(server.port, path, { method, headers, body, timeout: 20_000 }).catch(
            (error: Error) => error,
          );
          if (answer instanceof Error) {
            // The server may close the connection on what is no HTTP; it may not leave it hanging.
            if (!/ECONNRESET|EPIPE|socket hang up|Parse Error/.test(answer.message)) {
              faults.push(`${method} ${path.slice(0, 80)}: ${answer.message}`);
            }
            return;
          }
          counts[answer.status] = (counts[answer.status] ?? 0) + 1;
          if (path !== asked && answer.status < 300) {
            const kind = `${method} ${asked.replace(/\?.*/, '')}`;
            reached[kind] = (reached[kind] ?? 0) + 1;
            if (/^DELETE .*\d$/.test(kind)) victim = await makeVictim();
          }
          if (isFault(answer.status)) faults.push(`${method} ${path.slice(0, 80)} ${body ?? ''}: ${answer.status}`);
        },
    );
    await inParallel(tasks, 16);
    note('generated requests', JSON.stringify(counts));
    note('carried out on an instance', JSON.stringify(reached));
    expect(Object.keys(reached).length).toBeGreaterThanOrEqual(5);
    expect(faults).toEqual([]);
    await isUnharmed();
  });

  test(`${rawCount} requests that are hardly HTTP: no 5xx, no crash`, async () => {
    const { server } = using;
    const random = new Random(4711);
    const ports = [server.port, server.port, server.port, server.pool.from];
    const tasks = Array.from({ length: rawCount }, () => hostileBytes(random)).map((bytes, index) => async () => ({
      bytes,
      answer: await raw(ports[index % ports.length] ?? server.port, bytes, 250),
    }));
    const answers = await inParallel(tasks, 24);
    // 501 and 505 are what HTTP has for methods and versions that a server does not know.
    const faults = answers.filter(({ answer }) => /^HTTP\/1\.1 5(?!0[135])/.test(answer));
    expect(faults.map(({ bytes, answer }) => [bytes.toString('latin1').slice(0, 120), answer.slice(0, 60)])).toEqual(
      [],
    );
    await isUnharmed();
  });

  test(`${sessionCount} hostile socket sessions`, async () => {
    const { server } = using;
    const random = new Random(99);
    const definitions = Object.values(sockets).flatMap((space) => Object.values(space.requests) as SocketRequest[]);
    const [instance] = await server.list();
    const junk: readonly unknown[] = [
      ...[
        null,
        undefined,
        5,
        'x',
        '',
        [],
        {},
        { instance_id: -1 },
        { subscription: 'x'.repeat(100) },
        Buffer.alloc(100),
      ],
      ...[
        { subscription: 's', instance_id: 1e9 },
        { subscription: 's', instance_id: instance?.id, from: -1 },
      ],
      ...[
        { subscription: 's', instance_id: instance?.id, from: 2 ** 53 },
        { subscription: 's', run: '../x', offset: 5 },
      ],
      ...[{ subscription: 's', instance_id: instance?.id, run: '\0' }, { __proto__: { x: 1 } }, 'y'.repeat(100_000)],
      ...[{ subscription: 's', instance_id: instance?.id }, { subscription: 's' }],
      ...[
        { instance_id: instance?.id, cols: 80, rows: 24 },
        { instance_id: instance?.id, cols: 1e9, rows: Number.NaN },
      ],
      ...[
        { subscription: 's', session: 'x' },
        { subscription: 's', data: Buffer.alloc(100_000) },
      ],
      ...[
        { subscription: 's', received: 2 ** 53 },
        { subscription: 's', cols: 0, rows: -1 },
      ],
    ];
    let acks = 0;
    const unanswered: string[] = [];
    // Several, so that none is refused for asking too much.
    const tokens: string[] = [];
    for (let n = 0; n < 12; n += 1) {
      tokens.push((await server.api.call(routes.createToken, { body: { name: `hostile ${n}` } })).token);
    }
    const session = (n: number) => async (): Promise<void> => {
      if (n % 10 === 0)
        return void (await raw(server.port, engineHandshake(server.adminToken, random.bytes(300)), 150));
      const socket = await openSocket(
        server.port,
        random.pick(['/instances', '/logs', '/terminals']),
        random.pick(tokens),
      );
      for (let turn = random.below(6) + 1; turn > 0 && socket.connected; turn -= 1) {
        const definition = random.pick(definitions);
        const payload = random.pick(junk);
        const kind = random.below(4);
        if (kind === 0)
          socket.emit(random.pick(['nothing', '', 'constructor', 'instance:changed', '💥', 'error']), payload);
        else if (kind === 1) socket.emit(definition.name, payload, payload, payload);
        else if (definition.namespace === (socket as unknown as { nsp: string }).nsp) {
          const ack = (await socket
            .timeout(10_000)
            .emitWithAck(definition.name, payload)
            .catch(() => null)) as object | null;
          if (ack === null && socket.connected)
            unanswered.push(`${definition.name} ${JSON.stringify(payload)?.slice(0, 80)}`);
          if (ack) acks += 1;
        }
      }
      if (random.next() < 0.5) socket.io.engine.close();
      socket.disconnect();
    };
    await inParallel(
      Array.from({ length: sessionCount }, (_, n) => session(n)),
      12,
    );
    expect(unanswered).toEqual([]);
    note('acks in hostile sessions', `${acks}`);
    // Answered after everything that came before.
    (await server.joinInstances()).close();
    await isUnharmed();
    note('resident after all of it', `${Math.round(residentMiB(pid))} MiB`);
  });
});

/** A WebSocket of the console that is opened properly and then talks nonsense. */
function engineHandshake(token: string, noise: Buffer): Buffer {
  const head = [
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
    'Host: localhost',
    `Authorization: Bearer ${token}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), noise]);
}
