import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { freePortsContract } from './free-ports.contract';
import { NodeFreePorts } from './node-free-ports';
import { NodePortProbe } from './node-port-probe';
import { ProcPortHolder } from './proc-port-holder';

const open: (Server | HttpServer)[] = [];
const sockets = new Set<Socket>();

const listen = async (server: Server | HttpServer, host = '127.0.0.1', port = 0): Promise<number> => {
  open.push(server);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  return (server.address() as AddressInfo).port;
};

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(open.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

freePortsContract('NodeFreePorts', () => ({
  ports: new NodeFreePorts(),
  take: async (port) => void (await listen(createServer(), '127.0.0.1', port)),
}));

describe('NodeFreePorts', () => {
  it('gives no port that the system would give to whoever asks for any', async () => {
    const ports = new NodeFreePorts({ from: 20_010, to: 60_999 });
    for (let n = 0; n < 20; n += 1) expect(await ports.findFree()).toBeLessThan(20_010);
    expect(await new NodeFreePorts({ from: 1024, to: 65_535 }).findFree()).toBeGreaterThanOrEqual(20_000);
  });

  it('gives up with a sentence, and cannot listen where it may not', async () => {
    await expect(new NodeFreePorts().findFree(() => true)).rejects.toThrow(/Stop some of the programs/);
    expect(await new NodeFreePorts().canListen('192.0.2.1', 0)).toBe(false);
  });
});

describe('NodePortProbe', () => {
  const probe = new NodePortProbe();
  const answer = (status: number) =>
    createHttpServer((request, response) =>
      response.writeHead(status, { 'x-path': request.url ?? '' }).end('x'.repeat(100_000)),
    );

  it.each([200, 302, 404, 500, 503])('tells status %i, leaving no connection', async (status) => {
    const port = await listen(answer(status));
    expect(await probe.probe(port)).toEqual({ tcp: true, httpStatus: status });
    await expect.poll(() => sockets.size).toBe(0);
  });

  it('asks for the path, once', async () => {
    const paths: (string | undefined)[] = [];
    const port = await listen(createHttpServer((request, response) => response.end(paths.push(request.url) && 'ok')));
    expect(await probe.probe(port, { path: '/health?x=1' })).toEqual({ tcp: true, httpStatus: 200 });
    expect(await probe.probe(port, { path: '/a b\n' })).toEqual({ tcp: true, httpStatus: 200 });
    expect(paths).toEqual(['/health?x=1', '/']);
  });

  it('does not find an app on [::1], where the proxy would not reach it', async (context) => {
    const server = answer(204);
    server.on('error', () => context.skip('there is no IPv6 here'));
    const port = await listen(server, '::1');
    expect(await probe.probe(port)).toEqual({ tcp: false, httpStatus: null });
  });

  it('says that a closed port is closed', async () => {
    const port = await new NodeFreePorts().findFree();
    expect(await probe.probe(port)).toEqual({ tcp: false, httpStatus: null });
  });

  it.each([
    ['says nothing', () => undefined],
    ['speaks something else', (socket: Socket) => void socket.end('SSH-2.0-x\r\n')],
    ['hangs up', (socket: Socket) => void socket.destroy()],
    ['resets', (socket: Socket) => void socket.resetAndDestroy()],
  ])('sees TCP but no HTTP when the app %s', async (_name, act) => {
    const port = await listen(createServer((socket) => act(socket.resume())));
    const began = performance.now();
    expect(await probe.probe(port, { timeoutMs: 200 })).toEqual({ tcp: true, httpStatus: null });
    expect(performance.now() - began).toBeLessThan(1500);
    await expect.poll(() => sockets.size).toBe(0);
  });
});

describe('ProcPortHolder', () => {
  const holder = new ProcPortHolder();

  it('tells what other machines may reach, and whose it is', async () => {
    const holder = new ProcPortHolder();
    const hidden = [await listen(createServer(), '127.0.0.1'), await listen(createServer(), '::1')];
    const shown = [await listen(createServer(), '0.0.0.0'), await listen(createServer(), '::')];
    const exposed = await holder.exposed();
    expect(exposed.filter(({ port }) => hidden.includes(port))).toEqual([]);
    expect(shown.map((port) => exposed.find((socket) => socket.port === port)?.address)).toEqual(['0.0.0.0', '::']);
    const own = new Set((await holder.listenersOf([process.pid])).map(({ inode }) => inode));
    expect(exposed.filter(({ port }) => shown.includes(port)).every(({ inode }) => own.has(inode))).toBe(true);
  });

  it('names the process behind a port, and nobody behind a free one', async () => {
    const port = await listen(createServer());
    expect(await holder.describe(port)).toEqual({
      pid: process.pid,
      text: expect.stringMatching(/^.+ \(pid \d+\)$/) as string,
    });
    expect(await holder.describe(await new NodeFreePorts().findFree())).toEqual({ pid: null, text: null });
  });

  it('lists the listeners of processes with their addresses', async () => {
    const port = await listen(createServer());
    expect(await holder.listenersOf([process.pid, 1])).toContainEqual(
      expect.objectContaining({ address: '127.0.0.1', port, pid: process.pid }),
    );
    expect(await holder.listenersOf([])).toEqual([]);
    expect(await holder.listenersOf([2 ** 22 + 1])).toEqual([]);
  });
});
