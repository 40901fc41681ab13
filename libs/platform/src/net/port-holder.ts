/** Who listens on a port. Both are null when nobody does; `pid` is null when the owner may not be seen. */
export interface PortHolderInfo {
  pid: number | null;
  /** For a message to a person: `python3 (pid 1234)`, or `another user's process`. */
  text: string | null;
}

/** A listening TCP socket of a process. */
export interface Listener {
  /** The local address: `127.0.0.1`, `0.0.0.0`, `::`, … */
  address: string;
  port: number;
  pid: number;
}

/** Finds the processes behind listening TCP ports; sees sockets of the server's own Unix user (of all, as root). */
export abstract class PortHolder {
  abstract describe(port: number): Promise<PortHolderInfo>;

  /** Every listening TCP socket of these processes. */
  abstract listenersOf(pids: readonly number[]): Promise<Listener[]>;
}
