/** Free TCP ports, as the operating system sees them at this moment. */
export abstract class FreePorts {
  /**
   * A loopback port nobody listens on now, outside an excluded set.
   *
   * @param exclude true for the ports that must not be used (the pool, leases)
   * @throws Error after 100 ports in a row were excluded
   */
  abstract findFree(exclude?: (port: number) => boolean): Promise<number>;

  /** True when a server could listen there now; false when the port is taken or may not be used. */
  abstract canListen(host: string, port: number): Promise<boolean>;
}
