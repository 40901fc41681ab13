import { type IncomingMessage, ServerResponse } from 'node:http';
import { Logger } from '@nestjs/common';
import { AppError } from '../errors/app-error';
import { toAppError } from '../errors/to-app-error';
import type { Gate } from '../http/gate';
import type { Identity } from '../http/identity';
import { errorBody, refuseUpgrade } from '../http/raw-answer';
import { ConnectionLimits, SocketLimiter } from './socket-limiter';

/** A request that was let in carries who it is; an upgrade, which becomes a connection, also what it may do. */
export type AdmittedRequest = IncomingMessage & { identity?: Identity; limits?: ConnectionLimits };

const tooMany = {
  credential: () =>
    new AppError('rate_limited', 'This session or token has too many connections open. Close some of them.'),
  total: () => new AppError('unavailable', 'The server has as many connections as it takes. Try again later.'),
} as const;

/**
 * Who gets to the sockets. Stands before engine.io, which would answer every refusal with 400 and looks at transport
 * and session id before anybody is asked.
 */
export class SocketAdmission {
  private readonly logger = new Logger('Sockets');
  private readonly limiter = new SocketLimiter();

  constructor(private readonly gate: Gate) {}

  /** For `engine.use`: sees every request and every upgrade. `next` is called for those that may go on only. */
  readonly middleware = (request: AdmittedRequest, response: unknown, next: () => void): void => {
    // engine.io hands over an imitation of a response when the request is an upgrade.
    const plain = response instanceof ServerResponse ? response : null;
    const refused = this.judge(request) ?? (plain ? null : this.enter(request));
    if (!refused) next();
    else if (plain) answer(plain, refused);
    else refuseUpgrade(request.socket, refused);
  };

  private judge(request: AdmittedRequest): AppError | null {
    try {
      const verdict = this.gate.judge(request, { kind: 'console', required: true });
      if (verdict.refused) return verdict.refused;
      if (!verdict.identity) return new AppError('unauthenticated', 'Log in first, or send an API token.');
      request.identity = verdict.identity;
      return null;
    } catch (thrown) {
      this.logger.error('The gate failed', thrown);
      return toAppError(thrown); // a gate that cannot tell lets nobody in
    }
  }

  /** Count the connection for as long as its TCP connection lasts, whatever becomes of the socket on it. */
  private enter(request: AdmittedRequest): AppError | null {
    const { identity, socket } = request;
    if (!identity || socket.destroyed) return new AppError('unavailable', 'The connection is closed.');
    const { credential } = identity;
    const limits = this.limiter.enter(credential, performance.now());
    if (!(limits instanceof ConnectionLimits)) return tooMany[limits]();
    socket.once('close', () => this.limiter.leave(credential, performance.now()));
    request.limits = limits;
    return null;
  }
}

function answer(response: ServerResponse, error: AppError): void {
  response.writeHead(error.status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    // What was sent along is not read.
    Connection: 'close',
  });
  response.end(errorBody(error));
}
