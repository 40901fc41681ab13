import { Pool } from 'undici';
import { idleLimit } from '../http/public-listener';

/** Milliseconds to connect on loopback. */
export const connectLimit = 5_000;

/** Connections to the apps, kept alive, by app port. */
export class Upstreams {
  private readonly pools = new Map<number, Pool>();

  to(port: number): Pool {
    let pool = this.pools.get(port);
    if (!pool) {
      pool = new Pool(`http://127.0.0.1:${port}`, {
        connections: null, // event streams and long polls must not keep others waiting
        connectTimeout: connectLimit,
        // A generation may take minutes before its first byte.
        headersTimeout: idleLimit,
        bodyTimeout: idleLimit,
        // Shorter than the 2 s and 5 s after which the usual Python servers close an idle connection.
        keepAliveTimeout: 1_500,
        keepAliveTimeoutThreshold: 1_000,
        maxHeaderSize: 64 * 1024,
      });
      this.pools.set(port, pool);
    }
    return pool;
  }

  /** Give up the connections to every other port. */
  keepOnly(ports: ReadonlySet<number>): void {
    for (const [port, pool] of this.pools) {
      if (ports.has(port)) continue;
      this.pools.delete(port);
      void pool.destroy();
    }
  }
}
