import { socketLimits } from '@aikore/contract';
import { TokenBucket } from './token-bucket';

/** `refuse`: answer that it was too much. `close`: it goes on and on, end the connection. */
export type Allowance = 'go' | 'refuse' | 'close';

/** What all connections of one session or token have in common. */
interface Shared {
  open: number;
  readonly requests: TokenBucket;
}

/** Credentials that are remembered without a connection, so that closing and opening again is no way around. */
const maxIdle = 1000;

/** What one connection may still do. Times are milliseconds of any steady clock. */
export class ConnectionLimits {
  private readonly requests: TokenBucket;
  private readonly refusals: TokenBucket;
  private readonly packets: TokenBucket;
  private readonly namespaces = new Set<string>();

  constructor(
    private readonly shared: Pick<Shared, 'requests'>,
    now: number,
  ) {
    this.requests = new TokenBucket(socketLimits.requests, now);
    this.refusals = new TokenBucket(socketLimits.refusals, now);
    this.packets = new TokenBucket(socketLimits.packets, now);
  }

  /** Something arrived, whatever it is. */
  packet(now: number): Exclude<Allowance, 'refuse'> {
    return this.packets.take(now) ? 'go' : 'close';
  }

  request(now: number): Allowance {
    return this.requests.take(now) && this.shared.requests.take(now) ? 'go' : this.refusal(now);
  }

  /**
   * A namespace is joined, once. What other connections ask for does not matter here: clients do not try again when a
   * namespace refuses them.
   */
  join(namespace: string, now: number): Allowance {
    if (!this.requests.take(now) || this.namespaces.has(namespace)) return this.refusal(now);
    this.namespaces.add(namespace);
    return 'go';
  }

  leave(namespace: string): void {
    this.namespaces.delete(namespace);
  }

  private refusal(now: number): Allowance {
    return this.refusals.take(now) ? 'refuse' : 'close';
  }
}

/** Bounds the connections, and what each of them asks for (`socketLimits` of the contract). */
export class SocketLimiter {
  private readonly byCredential = new Map<string, Shared>();
  private total = 0;

  /**
   * Count a connection that is about to open; `leave` must follow once it is closed.
   *
   * @returns the limits of the connection, or whose connections are too many already
   */
  enter(credential: string, now: number): ConnectionLimits | 'credential' | 'total' {
    const known = this.byCredential.get(credential);
    if (known && known.open >= socketLimits.connections.perCredential) return 'credential';
    if (this.total >= socketLimits.connections.total) return 'total';
    const shared = known ?? this.add(credential, now);
    shared.open += 1;
    this.total += 1;
    return new ConnectionLimits(shared, now);
  }

  leave(credential: string, now: number): void {
    const shared = this.byCredential.get(credential);
    if (!shared) return;
    shared.open -= 1;
    this.total -= 1;
    if (shared.open === 0 && shared.requests.isFull(now)) this.byCredential.delete(credential);
  }

  /** Connections that are open, and credentials that are remembered. */
  get load(): { connections: number; credentials: number } {
    return { connections: this.total, credentials: this.byCredential.size };
  }

  private add(credential: string, now: number): Shared {
    if (this.byCredential.size >= maxIdle) this.forgetIdle();
    const shared = { open: 0, requests: new TokenBucket(socketLimits.requestsPerCredential, now) };
    this.byCredential.set(credential, shared);
    return shared;
  }

  private forgetIdle(): void {
    for (const [credential, { open }] of this.byCredential) if (open === 0) this.byCredential.delete(credential);
  }
}
