/** What a probe saw. `tcp`: something accepted a connection; `httpStatus`: it also answered HTTP, with this status. */
export interface ProbeResult {
  tcp: boolean;
  httpStatus: number | null;
}

export interface ProbeOptions {
  /** Path of the GET; `/` by default. */
  path?: string;
  /** Most milliseconds for the TCP connect, and again for the HTTP answer; 1000 by default. */
  timeoutMs?: number;
}

/** Asks whether an app is up where the proxy will look for it. Never throws: what does not answer is `{tcp: false}`. */
export abstract class PortProbe {
  /** Tries 127.0.0.1: a TCP connect, then an HTTP GET whose body is thrown away. */
  abstract probe(port: number, options?: ProbeOptions): Promise<ProbeResult>;
}
