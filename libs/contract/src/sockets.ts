import * as z from 'zod';
import { instance, run } from './instance';
import { instanceOrder } from './instance-order';
import { message, request } from './socket-definition';
import { terminalSockets } from './terminals';

export type { SocketMessage, SocketRequest } from './socket-definition';

const none = z.object({}).strict().optional();
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'must be binary');
const byteOffset = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const subscription = z.string().min(1).max(64);

/**
 * The flow control of `/logs`: the server sends at most `window` bytes that were not acknowledged, then waits for
 * `log:ack`. A viewer that falls further behind than `maxLag` is moved forward, and told so by `log:gap`.
 */
export const logFlow = {
  window: 1024 * 1024,
  chunk: 64 * 1024,
  maxLag: 32 * 1024 * 1024,
  snapshot: 256 * 1024,
} as const;

export const sockets = {
  instances: {
    namespace: '/instances',
    requests: {
      join: request(
        '/instances',
        'instances:join',
        'viewer',
        'All instances now; changes follow with no gap',
        none,
        z.object({ instances: z.array(instance) }),
      ),
    },
    messages: {
      changed: message('/instances', 'instance:changed', 'An instance was created or changed', instance),
      ordered: message(
        '/instances',
        'instances:ordered',
        'Instances were put into another order: all of them, in display order',
        instanceOrder,
      ),
      removed: message('/instances', 'instance:removed', 'An instance was deleted', z.object({ id: z.number().int() })),
      scriptChanged: message(
        '/instances',
        'script:changed',
        'The script of an instance was saved or reset; its satellites use it too',
        z.object({ id: z.number().int(), etag: z.string() }),
      ),
      blueprintsChanged: message(
        '/instances',
        'blueprints:changed',
        'A custom blueprint was made or replaced: read the catalogue again',
        z.object({ filename: z.string() }),
      ),
    },
  },
  logs: {
    namespace: '/logs',
    requests: {
      join: request(
        '/logs',
        'log:join',
        'viewer',
        'Watch a run: the answer names the first offset, `log:chunk` messages follow from there with no gap',
        z
          .object({
            /** Chosen by the client; marks the messages that belong to it. */
            subscription,
            instance_id: z.number().int().min(1),
            /** Absent: the newest run, and every later run of the instance as it begins (`log:run`). */
            run: z.string().max(64).optional(),
            /** With `run`: go on with every later run too, those that began meanwhile included (resuming after a reconnect). */
            follow: z.boolean().optional(),
            /** Go on from this byte; absent: from the last `tail` bytes, cut at a line start. */
            from: byteOffset.optional(),
            tail: z
              .number()
              .int()
              .min(0)
              .max(4 * 1024 * 1024)
              .optional(),
          })
          .strict(),
        /** `run` is null when the instance has never run: the first one is announced by `log:run`. */
        z.object({ run: run.nullable(), offset: byteOffset }),
      ),
      ack: request(
        '/logs',
        'log:ack',
        'viewer',
        'The client has everything of the run up to this offset',
        z.object({ subscription, run: z.string().max(64), offset: byteOffset }).strict(),
        z.object({}),
        true,
      ),
      leave: request(
        '/logs',
        'log:leave',
        'viewer',
        'Stop watching',
        z.object({ subscription }).strict(),
        z.object({}),
      ),
    },
    messages: {
      chunk: message(
        '/logs',
        'log:chunk',
        'Bytes of the log; `offset` is where the first of them stands. UTF-8 characters may be split between chunks',
        z.object({ subscription, run: z.string(), offset: byteOffset, data: bytes }),
      ),
      gap: message(
        '/logs',
        'log:gap',
        'The bytes [from, to) are not sent: dropped by the size cap (`capped`) or skipped because the viewer was too slow (`slow`)',
        z.object({
          subscription,
          run: z.string(),
          from: byteOffset,
          to: byteOffset,
          reason: z.enum(['capped', 'slow']),
        }),
      ),
      run: message(
        '/logs',
        'log:run',
        'A new run began; its chunks follow from offset 0',
        z.object({ subscription, run }),
      ),
      end: message('/logs', 'log:end', 'The run ended and all of its log was sent', z.object({ subscription, run })),
    },
  },
  terminals: terminalSockets,
} as const;
