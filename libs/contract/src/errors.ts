import * as z from 'zod';

/** Every error code a client can receive, with the HTTP status it travels under. */
export const errorStatus = {
  validation_failed: 400,
  setup_token_invalid: 400,
  unauthenticated: 401,
  setup_required: 401,
  bad_credentials: 401,
  forbidden: 403,
  origin_not_allowed: 403,
  csrf_header_missing: 403,
  ticket_invalid: 403,
  not_found: 404,
  name_taken: 409,
  wrong_state: 409,
  port_taken: 409,
  trash_conflict: 409,
  setup_done: 409,
  blueprint_unusable: 409,
  start_failed: 409,
  has_satellites: 409,
  stale_revision: 409,
  conflict: 409,
  payload_too_large: 413,
  host_not_allowed: 421,
  rate_limited: 429,
  internal: 500,
  storage_failed: 500,
  disk_full: 507,
  no_free_port: 503,
  unavailable: 503,
  timed_out: 504,
} as const;

export type ErrorCode = keyof typeof errorStatus;
const codes = Object.keys(errorStatus) as [ErrorCode, ...ErrorCode[]];

/**
 * What went wrong, in the same shape over HTTP (`{error: WireError}`) and over sockets (`Ack`).
 * `message` is a sentence for a person and says what to do; `fields` names the offending inputs.
 */
export const wireError = z.object({
  code: z.enum(codes),
  message: z.string(),
  fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  request_id: z.string().optional(),
  /** With `conflict`: what is there now, in the shape that the route answers with. */
  current: z.unknown().optional(),
});
export type WireError = z.infer<typeof wireError>;

/** The answer to every socket request: nothing is ever thrown across the wire. */
export type Ack<T> = { ok: true; data: T } | { ok: false; error: WireError };

/** The schema of `Ack<T>` for a given data schema. */
export const ackOf = <T extends z.ZodType>(data: T) =>
  z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), data }),
    z.object({ ok: z.literal(false), error: wireError }),
  ]);
