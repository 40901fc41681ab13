import { createServer, type Server } from 'node:net';

/** Below the range from which Linux gives ports to outgoing connections (ip_local_port_range begins at 32768). */
const lowest = 21_000;
const highest = 31_000;

/** Listen on a loopback port; rejects when somebody has it. */
export function listenOn(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

const close = (server: Server): Promise<void> => new Promise((done) => void server.close(() => done()));

/** True when nobody listens on the loopback port. */
export async function isFree(port: number): Promise<boolean> {
  const server = await listenOn(port).catch(() => null);
  if (server) await close(server);
  return server !== null;
}

/**
 * The first of `count` free ports in a row: each was opened, all at the same time, before it was let go. Another
 * program may take one afterwards; a random place makes that unlikely.
 */
export async function freePortBlock(count: number): Promise<number> {
  for (let tries = 0; tries < 200; tries += 1) {
    const first = lowest + Math.floor(Math.random() * (highest - lowest - count));
    const block = Array.from({ length: count }, (_, index) => listenOn(first + index));
    const opened = await Promise.allSettled(block);
    await Promise.all(opened.flatMap((result) => (result.status === 'fulfilled' ? [close(result.value)] : [])));
    if (opened.every(({ status }) => status === 'fulfilled')) return first;
  }
  throw new Error(`No ${count} free ports in a row were found.`);
}
