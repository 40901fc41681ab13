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
  /** The kernel's number of the socket. */
  inode: string;
}

/** A listening TCP socket that is not bound to loopback, whoever has it. */
export type ExposedSocket = Omit<Listener, 'pid'>;

/** Finds the processes behind listening TCP ports; sees sockets of the server's own Unix user (of all, as root). */
export abstract class PortHolder {
  abstract describe(port: number): Promise<PortHolderInfo>;

  /** Every listening TCP socket of these processes. */
  abstract listenersOf(pids: readonly number[]): Promise<Listener[]>;

  /** Every listening TCP socket that other machines may reach. Cheap: one look at the kernel's table, at no process. */
  abstract exposed(): Promise<ExposedSocket[]>;
}
