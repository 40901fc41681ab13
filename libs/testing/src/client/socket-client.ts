import { type Ack, type Instance, type Run, sockets, type SocketRequest } from '@aikore/contract';
import { io, type Socket } from 'socket.io-client';
import type { z } from 'zod';

const log = sockets.logs;
type Chunk = z.output<typeof log.messages.chunk.data>;
type Gap = z.output<typeof log.messages.gap.data>;

/** Open a namespace as the holder of a token; resolves once it is joined. */
export function openSocket(port: number, namespace: string, token: string | null): Promise<Socket> {
  const socket = io(`http://127.0.0.1:${port}${namespace}`, {
    transports: ['websocket'],
    forceNew: true,
    reconnectionDelay: 50,
    reconnectionDelayMax: 200,
    ...(token === null ? {} : { extraHeaders: { authorization: `Bearer ${token}` } }),
  });
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    socket.once('connect_error', (error) => {
      socket.disconnect();
      reject(error);
    });
  });
}

/** Send a request of the contract and wait for its `Ack`. */
export async function request<R extends SocketRequest>(
  socket: Socket,
  definition: R,
  payload?: z.input<R['payload']>,
): Promise<Ack<z.output<R['response']>>> {
  return (await socket.timeout(20_000).emitWithAck(definition.name, payload)) as Ack<z.output<R['response']>>;
}

/** All instances as the `/instances` socket tells of them: the snapshot, then every change. */
export class LiveInstances {
  readonly byId = new Map<number, Instance>();
  /** Every change in order, with the time it arrived (performance.now). */
  readonly changes: { at: number; instance: Instance }[] = [];
  readonly removed: number[] = [];

  constructor(readonly socket: Socket) {
    const { changed, removed } = sockets.instances.messages;
    socket.on(changed.name, (instance: Instance) => {
      this.byId.set(instance.id, instance);
      this.changes.push({ at: performance.now(), instance });
    });
    socket.on(removed.name, ({ id }: { id: number }) => {
      this.byId.delete(id);
      this.removed.push(id);
    });
  }

  close(): void {
    this.socket.disconnect();
  }
}

/** Join `/instances`. */
export async function joinInstances(port: number, token: string): Promise<LiveInstances> {
  const live = new LiveInstances(await openSocket(port, sockets.instances.namespace, token));
  const ack = await request(live.socket, sockets.instances.requests.join);
  if (!ack.ok) throw new Error(ack.error.message);
  for (const instance of ack.data.instances) live.byId.set(instance.id, instance);
  return live;
}

/** A log as the `/logs` socket tells of it, acknowledged as it comes. Notes each byte that is missing or doubled. */
export class LogTail {
  private readonly chunks: Buffer[] = [];
  readonly gaps: Gap[] = [];
  readonly ended: Run[] = [];
  readonly faults: string[] = [];
  /** Bytes that arrived. */
  bytes = 0;
  /** Whether it tells the server what it has; one that does not is a reader that has stopped. */
  acknowledges = true;
  private position: { run: string | null; offset: number } = { run: null, offset: 0 };

  constructor(
    readonly socket: Socket,
    private readonly subscription: string,
  ) {
    socket.on(log.messages.chunk.name, (chunk: Chunk) => this.take(chunk));
    socket.on(log.messages.gap.name, (gap: Gap) => {
      if (gap.from !== this.position.offset) this.faults.push(`gap from ${gap.from}, not ${this.position.offset}`);
      this.gaps.push(gap);
      this.position = { run: gap.run, offset: gap.to };
    });
    socket.on(log.messages.run.name, ({ run }: { run: Run }) => (this.position = { run: run.id, offset: 0 }));
    socket.on(log.messages.end.name, ({ run }: { run: Run }) => this.ended.push(run));
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString('utf8');
  }

  /** Where the answer to the join said that the bytes begin. */
  begin(run: string | null, offset: number): void {
    this.position = { run, offset };
  }

  /** Offset of the byte that comes next. */
  get offset(): number {
    return this.position.offset;
  }

  /** Tell the server that everything up to now was taken in. */
  acknowledge(): void {
    this.socket.emit(log.requests.ack.name, { subscription: this.subscription, ...this.position });
  }

  close(): void {
    this.socket.disconnect();
  }

  private take({ run, offset, data }: Chunk): void {
    if (run !== this.position.run || offset !== this.position.offset) {
      this.faults.push(`bytes of ${run} from ${offset} instead of ${this.position.run} ${this.position.offset}`);
    }
    this.chunks.push(Buffer.from(data));
    this.bytes += data.byteLength;
    this.position = { run, offset: offset + data.byteLength };
    if (this.acknowledges) this.acknowledge();
  }
}

/** Follow the log of an instance: its newest run from the first byte, and every later one. */
export async function tailLog(port: number, token: string, instanceId: number): Promise<LogTail> {
  const socket = await openSocket(port, log.namespace, token);
  const subscription = 'tail';
  const tail = new LogTail(socket, subscription);
  const wish = { subscription, instance_id: instanceId, tail: 4 * 1024 * 1024 };
  await new Promise<void>((resolve, reject) => {
    // In the callback, not after an `await`: the first chunk may come in the same turn as the answer.
    socket.timeout(20_000).emit(log.requests.join.name, wish, (failed: Error | null, ack: Ack<JoinedLog>) => {
      if (failed) return reject(failed);
      if (!ack.ok) return reject(new Error(ack.error.message));
      tail.begin(ack.data.run?.id ?? null, ack.data.offset);
      resolve();
    });
  });
  return tail;
}

interface JoinedLog {
  run: Run | null;
  offset: number;
}
