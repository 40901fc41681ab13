import type { Server } from 'node:http';
import { Injectable } from '@nestjs/common';
import { AppConfig, Gate } from '@aikore/api/kernel';
import { PortHolder } from '@aikore/platform';
import { EmbeddedProxy } from './embedded-proxy';

/** Where the console listens. */
export interface DoorAddress {
  readonly host: string;
  readonly port: number;
}

/** The one public listener of the console: hands requests to the apps' proxy or to the console's own server. */
@Injectable()
export class FrontDoor {
  private console: Server | null = null;

  constructor(
    private readonly config: AppConfig,
    private readonly gate: Gate,
    private readonly holder: PortHolder,
    private readonly proxy: EmbeddedProxy,
  ) {}

  /**
   * Requests of the console go to this server's `request` and `upgrade` listeners from now on; it must not listen
   * itself. Until then they are answered with 503.
   */
  attachConsole(server: Server): void {
    this.console = server;
  }

  /**
   * Listen on the configured host and port (0: any free one).
   *
   * @throws Error with a sentence that says who holds the port
   */
  listen(): Promise<DoorAddress> {
    return Promise.reject(new Error('not implemented yet'));
  }

  /** Close the console's listener, the pool ports and every connection, within a second. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}
