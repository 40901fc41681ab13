import { createServer, type AddressInfo, type Server } from 'node:net';
import { FreePorts } from './free-ports';

const tries = 100;

const listen = (host: string, port: number): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => resolve(server));
  });

const close = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));

/** Asks the system by listening for a moment. */
export class NodeFreePorts extends FreePorts {
  async findFree(exclude: (port: number) => boolean = () => false): Promise<number> {
    // Excluded ports stay taken until the end, so that the system does not offer them again.
    const held: Server[] = [];
    try {
      while (held.length < tries) {
        const server = await listen('127.0.0.1', 0);
        held.push(server);
        const { port } = server.address() as AddressInfo;
        if (!exclude(port)) return port;
      }
    } finally {
      await Promise.all(held.map(close));
    }
    throw new Error(`None of ${tries} free ports that the system offered may be used. Narrow the excluded range.`);
  }

  async canListen(host: string, port: number): Promise<boolean> {
    try {
      await close(await listen(host, port));
      return true;
    } catch {
      return false;
    }
  }
}
