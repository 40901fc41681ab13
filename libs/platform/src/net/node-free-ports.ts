import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { FreePorts } from './free-ports';

/** Below what Linux hands out by default (32768-60999), and above the well-known ones. */
const usual = { from: 20_000, to: 32_000 };

const listen = (host: string, port: number): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => resolve(server));
  });

const close = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));

/** Asks the system by listening for a moment. */
export class NodeFreePorts extends FreePorts {
  /** @param handedOut see `handedOutPorts` */
  constructor(private readonly handedOut: { from: number; to: number } = handedOutPorts()) {
    super();
  }

  async findFree(exclude: (port: number) => boolean = () => false): Promise<number> {
    const ports = this.candidates();
    // Not the first one: another server on this machine may have chosen that, and not listen there yet.
    const start = randomInt(ports.length);
    for (let index = 0; index < ports.length; index += 1) {
      const port = ports[(start + index) % ports.length] ?? 0;
      if (!exclude(port) && (await this.canListen('127.0.0.1', port))) return port;
    }
    throw new Error(`No port from ${usual.from} to ${usual.to} is free. Stop some of the programs that listen there.`);
  }

  async canListen(host: string, port: number): Promise<boolean> {
    try {
      await close(await listen(host, port));
      return true;
    } catch {
      return false;
    }
  }

  private candidates(): number[] {
    const { from, to } = this.handedOut;
    const all = Array.from({ length: usual.to - usual.from + 1 }, (_, index) => usual.from + index);
    const safe = all.filter((port) => port < from || port > to);
    return safe.length > 0 ? safe : all;
  }
}

/** The ports that the system gives to whoever asks for any one (ip(7), ip_local_port_range). */
function handedOutPorts(): { from: number; to: number } {
  try {
    const [from = NaN, to = NaN] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8')
      .split(/\s+/)
      .map(Number);
    if (from <= to) return { from, to };
  } catch {
    // not to be seen here
  }
  return { from: 32_768, to: 60_999 };
}
