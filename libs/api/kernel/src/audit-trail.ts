/** One line of the audit log. Never a body, a password, a token or a cookie. */
export interface AuditEntry {
  /** Username; null when nobody is known. */
  actor: string | null;
  via?: 'session' | 'token' | 'none' | null;
  address: string | null;
  /** `METHOD /path/pattern` of a request, or an event such as `ticket.redeemed`. */
  action: string;
  /** What it was done to: ids from the path, never typed text. */
  target?: string | null;
  /** `unknown`: the caller hung up before anything here took the request over. */
  result: 'ok' | 'denied' | 'failed' | 'unknown';
  status?: number | null;
  code?: string | null;
  request_id?: string | null;
}

/** Where to write down who did what. Requests over HTTP are written down by themselves; this is for everything else. */
export abstract class AuditTrail {
  /** Never waits and never throws. */
  abstract record(entry: AuditEntry): void;
}
