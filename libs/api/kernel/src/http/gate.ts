import type { IncomingMessage } from 'node:http';
import type { AppError } from '../errors/app-error';
import type { Identity } from './identity';

/**
 * What a request is for: the console itself, or the origin of one instance's app. `required`: whoever is unknown will
 * not be served, so that a missing identity is recorded as a denial.
 */
export type GateTarget = ({ kind: 'console' } | { kind: 'app'; instanceId: number }) & { required?: boolean };

/** `identity` is null for somebody unknown; `refused` says why a request must not go on at all. */
export type GateVerdict = { refused: AppError } | { refused: null; identity: Identity | null };

/**
 * The one gate of HTTP, socket.io and raw upgrades (docs/adr: the gate). Implemented by the auth module; the proxy and
 * the socket adapter know only this class.
 */
export abstract class Gate {
  /**
   * Judge Host, Origin, the CSRF header of cookie requests, and the credentials.
   *
   * @param request the raw request or upgrade, unchanged
   * @param target  what it is for: the credentials of an app's origin (its own cookie) differ from the console's
   * @returns the verdict at once: an app's page asks for hundreds of files, and each of them is judged
   */
  abstract judge(request: IncomingMessage, target: GateTarget): GateVerdict;

  /** The host name of a request's Host header, lower case, without port; null when it is missing or malformed. */
  abstract hostOf(request: IncomingMessage): { name: string; port: number | null } | null;

  /** A single-use ticket (30 s) with which this identity's browser may enter the app's origin. */
  abstract issueTicket(identity: Identity, instanceId: number): string;

  /**
   * Take the ticket that a request brings to an app's origin.
   *
   * @returns the `Set-Cookie` value for that origin, or null when the ticket is unknown, used or old
   */
  abstract redeemTicket(request: IncomingMessage, ticket: string, instanceId: number): string | null;
}
