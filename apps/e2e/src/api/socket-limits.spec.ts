import { expect, test } from '@playwright/test';
import { type Ack, routes, socketLimits, sockets } from '@aikore/contract';
import { fakeWebui, openSocket, request, timed, until, writeBlueprint } from '@aikore/testing';
import { alarmsIn, note, useServer } from '../support/servers';

const joins = 20_000;
/** What the others may have to wait for at most: far from what they do, and far from a server that is kept busy. */
const deadlineMs = 5000;

test.describe('what a client may take', () => {
  const using = useServer({ poolSize: 2 });

  test(`a socket that sends ${joins} joins is refused and closed, and nobody else waits for it`, async () => {
    const { server } = using;
    await writeBlueprint(server.dataDir, 'App.sh', fakeWebui({ spew: 100 }));
    const { id } = await server.create({ name: 'app', base_blueprint: 'App.sh' });
    await server.act(id, 'start', 'started');
    const { token } = await server.api.call(routes.createToken, { body: { name: 'greedy' } });
    const greedy = await openSocket(server.port, sockets.logs.namespace, token);
    greedy.io.reconnection(false);
    const closed = new Promise<string>((resolve) => greedy.once('disconnect', resolve));
    const codes: string[] = [];
    const { name } = sockets.logs.requests.join;
    const asked = socketLimits.requests.burst + 50;
    for (let count = 0; count < joins; count += 1) {
      const answer = (ack: Ack<unknown>) => codes.push(ack.ok ? 'ok' : ack.error.code);
      greedy.emit(name, { subscription: `s${count}`, instance_id: id }, answer);
      if (count === asked) await until(() => codes.includes('rate_limited'), 'a refusal');
    }
    const times: number[] = [];
    let isClosed = false;
    void closed.then(() => (isClosed = true));
    do {
      const { ms } = await timed(async () => {
        const live = await server.joinInstances();
        const tail = await server.tailLog(id);
        await until(() => tail.text.includes('line'), 'the log', deadlineMs);
        live.close();
        tail.close();
        await server.list();
      });
      times.push(ms);
    } while (!isClosed && times.length < 20);
    // The word of goodbye may still be behind the joins when the connection is cut.
    expect(await closed).toMatch(/^(io server disconnect|transport close)$/);
    note('two joins, a line of a log and a list beside a flood of joins, worst', Math.max(...times));
    expect(Math.max(...times)).toBeLessThan(deadlineMs);
    expect(codes.filter((code) => code === 'ok').length).toBeLessThanOrEqual(asked);
    expect(alarmsIn(server.output)).toEqual([]);
  });

  test('a token has so many connections, and others have theirs', async () => {
    const { server } = using;
    const { token } = await server.api.call(routes.createToken, { body: { name: 'crowd' } });
    const opened = [];
    try {
      for (let count = 0; count < socketLimits.connections.perCredential; count += 1) {
        opened.push(await openSocket(server.port, sockets.instances.namespace, token));
      }
      await expect(openSocket(server.port, sockets.instances.namespace, token)).rejects.toThrow('websocket error');
      const mine = await server.joinInstances();
      mine.close();
      const ack = await request(opened[0] as (typeof opened)[number], sockets.instances.requests.join);
      expect(ack.ok).toBe(true);
    } finally {
      for (const socket of opened) socket.disconnect();
    }
  });
});
