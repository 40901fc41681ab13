import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { AppError, type Gate, type Identity, protocolOf, refuseUpgrade } from '@aikore/api/kernel';
import type { AppRoute } from '@aikore/domain';
import { answerError, answerStranger, nothingHere, stranger } from '../pages/answers';
import { isNavigation } from '../pages/page';
import type { AppRoutes } from '../app-routes';
import type { AppServer } from './app-server';
import { verdictOf } from './verdict';

/** A request for `/instance/<slug>/…` on the console's origin. */
export interface PathRequest {
  /** Null: there is no such app; only those are told who may see apps at all. */
  readonly route: AppRoute | null;
  readonly prefix: string;
  /** What follows the prefix, with the query. */
  readonly rest: string;
}

const notHere = (): AppError =>
  new AppError('forbidden', 'Apps are served here to programs with an API token only. Open this app from the console.');

/**
 * Apps below a path of the console. Programs with a token are served; a browser is sent to the app's own origin, as a
 * page that came from here could act as the console (SECURITY: same-origin path proxying cannot be defended).
 */
export class PathServer {
  constructor(
    private readonly gate: Gate,
    private readonly apps: AppServer,
    private readonly routes: AppRoutes,
  ) {}

  request(request: IncomingMessage, response: ServerResponse, path: PathRequest): void {
    const verdict = verdictOf(this.gate, request, { kind: 'console', required: true });
    const { route, prefix, rest } = path;
    if (verdict.refused) answerError(request, response, verdict.refused);
    else if (!verdict.identity) answerStranger(request, response, '/');
    else if (!route) answerError(request, response, nothingHere());
    else if (!isForProgram(request, verdict.identity)) this.sendAway(request, response, route, rest, verdict.identity);
    else if (!rest.startsWith('/')) redirect(response, 308, `${prefix}/${rest}`);
    else this.apps.forward(request, response, { route, prefix, path: rest }, verdict.identity);
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, path: PathRequest): void {
    const verdict = verdictOf(this.gate, request, { kind: 'console', required: true });
    const { route, prefix, rest } = path;
    if (verdict.refused) refuseUpgrade(socket, verdict.refused);
    else if (!verdict.identity) refuseUpgrade(socket, stranger());
    else if (!route) refuseUpgrade(socket, nothingHere());
    else if (!isForProgram(request, verdict.identity)) refuseUpgrade(socket, notHere());
    else this.apps.forwardUpgrade(request, socket, head, { route, prefix, path: rooted(rest) }, verdict.identity);
  }

  private sendAway(
    request: IncomingMessage,
    response: ServerResponse,
    route: AppRoute,
    rest: string,
    who: Identity,
  ): void {
    const host = this.gate.hostOf(request);
    const to = rooted(rest);
    const url =
      request.method === 'GET' && host
        ? this.routes.openUrl(route.instanceId, who, { ...host, protocol: protocolOf(request) }, to)
        : null;
    if (url) redirect(response, 307, url);
    else answerError(request, response, notHere());
  }
}

/** With the login turned off there is no token to tell programs by; browsers give themselves away. */
const isForProgram = (request: IncomingMessage, { via }: Identity): boolean =>
  via === 'token' ||
  (via === 'none' && !isNavigation(request) && !request.headers['sec-fetch-site'] && !request.headers.origin);

const rooted = (rest: string): string => (rest.startsWith('/') ? rest : `/${rest}`);

function redirect(response: ServerResponse, status: 307 | 308, location: string): void {
  response.writeHead(status, ['Location', location, 'Cache-Control', 'no-store', 'Content-Length', '0']);
  response.end();
}
