/** Free TCP ports, as the operating system sees them at this moment. */
export abstract class FreePorts {
  /**
   * A loopback port nobody listens on now, outside an excluded set and outside what the system hands out by itself: whoever
   * gets it may listen there minutes later.
   *
   * @param exclude true for the ports that must not be used (the pool, leases)
   * @throws Error when none is left
   */
  abstract findFree(exclude?: (port: number) => boolean): Promise<number>;

  /** True when a server could listen there now; false when the port is taken or may not be used. */
  abstract canListen(host: string, port: number): Promise<boolean>;
}
