import type { IncomingMessage, ServerResponse } from 'node:http';
import { appPath } from '@aikore/contract';
import { AppError, type Gate } from '@aikore/api/kernel';
import { answerError } from '../pages/answers';

/** Paths of ours on an app's origin; the app never sees them. */
export const ownPaths = '/__aikore/';
const entryPath = `${ownPaths}enter`;

/** Path and query of an address that lets a browser in. */
export const entryAddress = (ticket: string, to: string): string =>
  `${entryPath}?ticket=${encodeURIComponent(ticket)}&to=${encodeURIComponent(to)}`;

/** Where to land after the entry: a path of this origin, and nothing that a browser could read as another host. */
export const landing = (to: string | null): string => appPath.safeParse(to).data ?? '/';

/** A path as a header can carry it; what is percent-encoded in it stays as it is. */
const asciiOf = (path: string): string => path.replace(/[^\x21-\x7e]+/g, encodeURIComponent);

/** Take a ticket for the app's own cookie, then show the app. */
export function enter(request: IncomingMessage, response: ServerResponse, gate: Gate, instanceId: number): void {
  const url = new URL(request.url ?? '', 'http://localhost');
  if (url.pathname !== entryPath || request.method !== 'GET') {
    answerError(request, response, new AppError('not_found', 'There is nothing at this address.'));
    return;
  }
  const ticket = url.searchParams.get('ticket') ?? '';
  const cookie = gate.redeemTicket(request, ticket, instanceId);
  if (cookie === null) {
    const message = 'This link was used already, or it is older than 30 seconds. Open the app from the console again.';
    answerError(request, response, new AppError('ticket_invalid', message), { title: 'This link has expired' });
    return;
  }
  response.writeHead(303, [
    ...['Location', asciiOf(landing(url.searchParams.get('to')))],
    ...['Set-Cookie', cookie, 'Cache-Control', 'no-store', 'Referrer-Policy', 'no-referrer', 'Content-Length', '0'],
  ]);
  response.end();
}
