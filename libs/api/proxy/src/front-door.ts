import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { AppConfig, AppError, Gate, refuseUpgrade, retryAfter } from '@aikore/api/kernel';
import { matchRequest } from '@aikore/domain';
import { PortHolder } from '@aikore/platform';
import { PathServer } from './app/path-server';
import { EmbeddedProxy } from './embedded-proxy';
import { explainListenError } from './http/explain-listen-error';
import { PublicListener } from './http/public-listener';
import { answerError } from './pages/answers';

/** Where the console listens. */
export interface DoorAddress {
  readonly host: string;
  readonly port: number;
}

/** The only upgrades that the console takes; its socket server lets any other one hang. */
const consoleSockets = '/socket.io/';

/** Why nobody is let in, to the console or to an app. */
const absences = {
  starting: { title: 'AiKore is starting', message: 'AiKore is starting. Try again in a moment.' },
  ending: { title: 'AiKore is ending', message: 'AiKore is ending. Apps go on running; start it again to reach them.' },
} as const;

/** The one public listener of the console: hands requests to the apps or to the console's own server. */
@Injectable()
export class FrontDoor {
  private console: Server | null = null;
  private absence: keyof typeof absences = 'starting';
  private readonly paths: PathServer;
  private readonly listener: PublicListener;

  constructor(
    private readonly config: AppConfig,
    private readonly gate: Gate,
    private readonly holder: PortHolder,
    private readonly proxy: EmbeddedProxy,
  ) {
    this.paths = new PathServer(gate, proxy.apps, proxy);
    this.listener = new PublicListener({
      request: (request, response) => this.onRequest(request, response),
      upgrade: (request, socket, head) => this.onUpgrade(request, socket, head),
    });
  }

  /**
   * Let people in: to the apps, and to the console, whose requests go to this server's `request` and `upgrade` listeners
   * from now on; it must not listen itself. Until then everything is answered with 503.
   */
  attachConsole(server: Server): void {
    this.console = server;
  }

  /**
   * Listen on the configured host and port (0: any free one).
   *
   * @throws Error with a sentence that says who holds the port
   */
  async listen(): Promise<DoorAddress> {
    const { host, port } = this.config;
    try {
      await this.listener.open(host, port);
    } catch (cause) {
      const advice = 'or set AIKORE_PORT to another one';
      throw new Error(await explainListenError(cause, { host, port }, this.holder, advice), { cause });
    }
    this.proxy.consolePort = this.listener.port;
    return { host, port: this.listener.port };
  }

  /** Close the console's listener, the pool ports and every connection, within a second. */
  async close(): Promise<void> {
    this.console = null;
    this.absence = 'ending';
    await Promise.all([this.listener.close(), this.proxy.close()]);
  }

  private whyAbsent(): AppError {
    return new AppError('unavailable', absences[this.absence].message);
  }

  private match(request: IncomingMessage) {
    const host = this.gate.hostOf(request);
    return matchRequest(host?.name ?? null, request.url ?? '', this.proxy.table);
  }

  private onRequest(request: IncomingMessage, response: ServerResponse): void {
    if (!this.console) {
      const { title } = absences[this.absence];
      return answerError(request, response, this.whyAbsent(), { title, reload: retryAfter });
    }
    const match = this.match(request);
    if (match.kind === 'app') this.proxy.apps.request(request, response, match.route);
    else if (match.kind === 'path') this.paths.request(request, response, match);
    else this.console.emit('request', request, response);
  }

  private onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (!this.console) return refuseUpgrade(socket, this.whyAbsent());
    const match = this.match(request);
    if (match.kind === 'app') this.proxy.apps.upgrade(request, socket, head, match.route);
    else if (match.kind === 'path') this.paths.upgrade(request, socket, head, match);
    else if (request.url?.startsWith(consoleSockets)) this.console.emit('upgrade', request, socket, head);
    else refuseUpgrade(socket, new AppError('not_found', 'There is no socket at this address.'));
  }
}
