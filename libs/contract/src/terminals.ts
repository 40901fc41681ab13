import * as z from 'zod';
import { instanceName } from './instance';
import { message, request } from './socket-definition';

/**
 * The flow control of `/terminals`, in bytes. The program of a terminal waits while even the fastest of its viewers has
 * more than `pause` bytes unacknowledged, and goes on at `resume`. A viewer with more than `lag` unacknowledged bytes,
 * while another one keeps up, is sent nothing until it is at `resume` again, and then the whole screen anew.
 */
export const terminalFlow = {
  pause: 512 * 1024,
  resume: 128 * 1024,
  lag: 1024 * 1024,
  /** Most bytes of one `terminal:screen` or `terminal:output`. */
  chunk: 64 * 1024,
  /** Most bytes of one `terminal:input`. Its answer comes when there is room for more. */
  input: 64 * 1024,
} as const;

/** What there may be of terminals, and how long one lives without being used. */
export const terminalLimits = {
  perInstance: 8,
  perUser: 16,
  total: 32,
  /** Viewers of one terminal at once, and terminals that one connection is attached to. */
  viewers: 8,
  attached: 32,
  /** Most columns, and most rows. */
  size: 1000,
  /** Lines above the screen that are kept, and the bytes that they may take. */
  scrollback: 10_000,
  replayBytes: 2 * 1024 * 1024,
  idleMs: 30 * 60_000,
  warningMs: 2 * 60_000,
} as const;

const size = z.number().int().min(1).max(terminalLimits.size);
const sessionId = z.string().min(1).max(64);
/** Chosen by the client; marks the messages that belong to one view of one terminal. */
const subscription = z.string().min(1).max(64);
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'must be binary');
const inputBytes = bytes.refine(
  (data) => data.byteLength <= terminalFlow.input,
  `must have at most ${terminalFlow.input} bytes`,
);

/** A shell that runs on the server, whether somebody looks at it or not. */
export const terminalSession = z.object({
  id: sessionId,
  instance_id: z.number().int(),
  name: z.string(),
  opened_at: z.iso.datetime(),
  cols: z.number().int(),
  rows: z.number().int(),
  /** When it will be ended because nobody uses it; null until that is near. */
  idle_end_at: z.iso.datetime().nullable(),
});
export type TerminalSession = z.infer<typeof terminalSession>;

export const terminalEndReasons = ['exited', 'closed', 'idle', 'instance_removed', 'server_stopped', 'failed'] as const;

/** How a terminal ended. */
export const terminalEnding = z.object({
  reason: z.enum(terminalEndReasons),
  /** Of the shell; null when a signal ended it, or when it did not end by itself. */
  exit_code: z.number().int().nullable(),
  signal: z.string().nullable(),
  /** A sentence for the person who looks at it. */
  message: z.string(),
});
export type TerminalEnding = z.infer<typeof terminalEnding>;

const namespace = '/terminals';

export const terminalSockets = {
  namespace,
  requests: {
    join: request(
      namespace,
      'terminals:join',
      'admin',
      'The terminals of the caller, of all instances; changes follow with no gap',
      z.object({}).strict().optional(),
      z.object({ sessions: z.array(terminalSession) }),
    ),
    open: request(
      namespace,
      'terminal:open',
      'admin',
      'Start a shell in the folder of an instance, with its environment. It goes on until it ends or is closed',
      z
        .object({
          instance_id: z.number().int().min(1),
          cols: size,
          rows: size,
          /** Absent: `Terminal <lowest free number>`. */
          name: instanceName.optional(),
        })
        .strict(),
      z.object({ session: terminalSession }),
    ),
    attach: request(
      namespace,
      'terminal:attach',
      'admin',
      'Look at a terminal: `terminal:screen` follows with what it shows, then `terminal:output` with no gap',
      z
        .object({
          subscription,
          session: sessionId,
          /** With both: the size of the viewer, which the terminal takes over first. */
          cols: size.optional(),
          rows: size.optional(),
        })
        .strict(),
      z.object({ session: terminalSession }),
    ),
    input: request(
      namespace,
      'terminal:input',
      'admin',
      'What was typed or pasted. Answered when there is room for more: wait for it before sending a lot',
      z.object({ subscription, data: inputBytes }).strict(),
      z.object({}),
      true,
    ),
    resize: request(
      namespace,
      'terminal:resize',
      'admin',
      'The size of the viewer; the terminal has the size that was named last, by whichever viewer',
      z.object({ subscription, cols: size, rows: size }).strict(),
      z.object({}),
      true,
    ),
    ack: request(
      namespace,
      'terminal:ack',
      'admin',
      'How many bytes of `terminal:screen` and `terminal:output` the viewer has taken in, since it attached',
      z.object({ subscription, received: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER) }).strict(),
      z.object({}),
      true,
    ),
    detach: request(
      namespace,
      'terminal:detach',
      'admin',
      'Look no more; the terminal goes on',
      z.object({ subscription }).strict(),
      z.object({}),
    ),
    close: request(
      namespace,
      'terminal:close',
      'admin',
      'End a terminal and everything that runs in it',
      z.object({ session: sessionId }).strict(),
      z.object({}),
    ),
  },
  messages: {
    opened: message(namespace, 'terminal:opened', 'A terminal of the caller was opened', terminalSession),
    changed: message(
      namespace,
      'terminal:changed',
      'A terminal of the caller has another size, or another `idle_end_at`: near its end that is a warning, null calls it off',
      terminalSession,
    ),
    closed: message(
      namespace,
      'terminal:closed',
      'A terminal of the caller is no more',
      z.object({ id: sessionId, instance_id: z.number().int(), ending: terminalEnding }),
    ),
    screen: message(
      namespace,
      'terminal:screen',
      'Begin anew: reset the terminal, give it this size, and write `data`. `lagging`: output was skipped because the viewer was too slow',
      z.object({
        subscription,
        cols: z.number().int(),
        rows: z.number().int(),
        data: bytes,
        reason: z.enum(['attached', 'lagging']),
      }),
    ),
    output: message(
      namespace,
      'terminal:output',
      'Bytes to write to the terminal. UTF-8 characters and escape sequences may be split between messages',
      z.object({ subscription, data: bytes }),
    ),
    resized: message(
      namespace,
      'terminal:resized',
      'Another viewer gave the terminal this size; output from here on is for it',
      z.object({ subscription, cols: z.number().int(), rows: z.number().int() }),
    ),
    ended: message(
      namespace,
      'terminal:ended',
      'The terminal ended and all of its output was sent; the subscription is over',
      z.object({ subscription, ending: terminalEnding }),
    ),
  },
} as const;
