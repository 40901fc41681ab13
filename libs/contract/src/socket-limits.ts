/** So many at once, and so many a second from then on. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/**
 * What clients may take of the sockets. A session or token counts as a whole too, so that more connections are not a
 * way to more requests. Reloading a console with many open logs takes a few dozen requests; `packets` leaves room for
 * the acknowledgements of a log read at 300 MB/s.
 */
export const socketLimits = {
  /** Open at once: of one session or token, and of all. */
  connections: { perCredential: 64, total: 1024 },
  /** Requests that are answered; those beyond are refused with `rate_limited`. */
  requests: { burst: 100, perSecond: 20 },
  requestsPerCredential: { burst: 400, perSecond: 80 },
  /** Refused requests that a connection is forgiven; with one more it is closed. */
  refusals: { burst: 200, perSecond: 2 },
  /** Everything that a connection sends, whatever it is; beyond that it is closed. */
  packets: { burst: 20_000, perSecond: 5_000 },
  /** Logs that a connection watches at once. */
  subscriptions: 32,
} as const;
