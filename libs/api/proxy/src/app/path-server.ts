import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { AppError, type Gate, type Identity } from '@aikore/api/kernel';
import type { AppRoute } from '@aikore/domain';
import { protocolOf } from '../forward/destination';
import { refuseUpgrade } from '../http/raw-answer';
import { answerError, answerStranger, stranger } from '../pages/answers';
import { isNavigation } from '../pages/page';
import type { AppRoutes } from '../app-routes';
import type { AppServer } from './app-server';
import { withVerdict } from './verdict';

/** A request for `/instance/<slug>/…` on the console's origin. */
export interface PathRequest {
  readonly route: AppRoute;
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
    withVerdict(this.gate, request, { kind: 'console' }, (verdict) => {
      if (verdict.refused) answerError(request, response, verdict.refused);
      else if (!verdict.identity) answerStranger(request, response, '/');
      else if (!isForProgram(request, verdict.identity)) this.sendAway(request, response, path, verdict.identity);
      else if (path.rest.startsWith('/')) this.apps.forward(request, response, destinationOf(path));
      else redirect(response, 308, `${path.prefix}/${path.rest}`);
    });
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, path: PathRequest): void {
    withVerdict(this.gate, request, { kind: 'console' }, (verdict) => {
      if (verdict.refused) refuseUpgrade(socket, verdict.refused);
      else if (!verdict.identity) refuseUpgrade(socket, stranger());
      else if (!isForProgram(request, verdict.identity)) refuseUpgrade(socket, notHere());
      else this.apps.forwardUpgrade(request, socket, head, destinationOf(path), verdict.identity);
    });
  }

  private sendAway(request: IncomingMessage, response: ServerResponse, path: PathRequest, who: Identity): void {
    const { route, rest } = path;
    const host = this.gate.hostOf(request);
    const to = rest.startsWith('/') ? rest : `/${rest}`;
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

const destinationOf = ({ route, prefix, rest }: PathRequest) => ({
  route,
  prefix,
  path: rest.startsWith('/') ? rest : `/${rest}`,
});

function redirect(response: ServerResponse, status: 307 | 308, location: string): void {
  response.writeHead(status, ['Location', location, 'Cache-Control', 'no-store', 'Content-Length', '0']);
  response.end();
}
