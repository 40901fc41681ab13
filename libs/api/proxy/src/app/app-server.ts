import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Socket } from 'node:net';
import { Logger } from '@nestjs/common';
import { AppError, type Gate, type GateVerdict, type Identity, refuseUpgrade } from '@aikore/api/kernel';
import { type AppRoute, isReachable } from '@aikore/domain';
import type { Destination } from '../forward/destination';
import { Exchange } from '../forward/exchange';
import { down, failureOf } from '../forward/failure';
import { forwardUpgrade } from '../forward/forward-upgrade';
import type { Upstreams } from '../forward/upstreams';
import { answerError, answerStranger, answerWaiting, nothingHere, stranger } from '../pages/answers';
import { enter, ownPaths } from './entry';
import { Tunnels } from './tunnels';
import { verdictOf } from './verdict';

/** No instance has this id: who asks for an app that does not exist is judged as for one that does. */
const noInstance = 0;

const failed = (cause: unknown): AppError =>
  new AppError('internal', 'Something went wrong in the server. Its log has the details.', { cause });

/** Serves apps: on their own origins behind the gate, and to whomever a caller has let in already. */
export class AppServer {
  private readonly logger = new Logger('Proxy');
  readonly tunnels = new Tunnels();

  constructor(
    private readonly gate: Gate,
    private readonly upstreams: Upstreams,
    /** The console's address for a visitor who came with this request. */
    private readonly consoleUrl: (request: IncomingMessage) => string,
  ) {}

  /**
   * A request on the app's own origin.
   *
   * @param route null: there is no such app; only those are told who may see apps at all
   */
  request(request: IncomingMessage, response: ServerResponse, route: AppRoute | null): void {
    const instanceId = route?.instanceId ?? noInstance;
    const isEntry = request.url?.startsWith(ownPaths) === true;
    const verdict = verdictOf(this.gate, request, { kind: 'app', instanceId, required: !isEntry });
    this.guard(
      () => {
        if (!verdict.refused && isEntry) enter(request, response, this.gate, instanceId);
        else this.admitted(request, response, route, verdict);
      },
      (error) => answerError(request, response, error),
    );
  }

  /** An upgrade on the app's own origin; `route` as in `request`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, route: AppRoute | null): void {
    const instanceId = route?.instanceId ?? noInstance;
    const verdict = verdictOf(this.gate, request, { kind: 'app', instanceId, required: true });
    if (verdict.refused) refuseUpgrade(socket, verdict.refused);
    else if (!verdict.identity) refuseUpgrade(socket, stranger());
    else if (!route) refuseUpgrade(socket, nothingHere());
    else {
      const destination = { route, prefix: '', path: request.url ?? '/' };
      this.forwardUpgrade(request, socket, head, destination, verdict.identity);
    }
  }

  /** Pass a request on, no questions asked; its answer goes on no longer than what `visitor` came in with. */
  forward(request: IncomingMessage, response: ServerResponse, destination: Destination, visitor: Identity): void {
    const { route } = destination;
    if (!isReachable(route)) {
      answerWaiting(request, response, route);
      return;
    }
    this.tunnels.add(visitor.credential, response);
    const pool = this.upstreams.to(route.appPort as number);
    new Exchange(request, response, destination, pool, (_request, _response, cause) => {
      const failure = failureOf(cause, route.name);
      if (failure.isDown) answerWaiting(request, response, route);
      else answerError(request, response, failure.error, { status: failure.status });
    }).start();
  }

  /** Pass an upgrade on, no questions asked; it lives no longer than what `visitor` came in with. */
  forwardUpgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    destination: Destination,
    visitor: Identity,
  ): void {
    const { route } = destination;
    const refuse = ({ error, status }: { error: AppError; status?: number }) => refuseUpgrade(socket, error, status);
    if (!isReachable(route)) {
      refuse(down(route.name));
      return;
    }
    this.tunnels.add(visitor.credential, socket);
    this.guard(
      () =>
        forwardUpgrade(request, socket as Socket, head, {
          destination,
          onFailure: (cause) => refuse(failureOf(cause, route.name)),
        }),
      (error) => refuse({ error }),
    );
  }

  private admitted(
    request: IncomingMessage,
    response: ServerResponse,
    route: AppRoute | null,
    verdict: GateVerdict,
  ): void {
    if (verdict.refused) answerError(request, response, verdict.refused);
    else if (!verdict.identity) answerStranger(request, response, this.consoleUrl(request));
    else if (!route) answerError(request, response, nothingHere());
    else this.forward(request, response, { route, prefix: '', path: request.url ?? '/' }, verdict.identity);
  }

  /** A mistake of ours must cost one request, not the server. */
  private guard(work: () => void, answer: (error: AppError) => void): void {
    try {
      work();
    } catch (cause) {
      answer(this.report(cause));
    }
  }

  private report(cause: unknown): AppError {
    this.logger.error('A request could not be handled', cause instanceof Error ? cause.stack : String(cause));
    return failed(cause);
  }
}
