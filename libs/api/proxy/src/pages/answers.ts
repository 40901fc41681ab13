import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError, errorBody, retryAfter } from '@aikore/api/kernel';
import type { AppRoute } from '@aikore/domain';
import { html, isNavigation, type Markup, sendPage } from './page';
import { waitingPage, waitingSentence } from './waiting-page';

function sendJson(request: IncomingMessage, response: ServerResponse, status: number, error: AppError): void {
  const body = Buffer.from(errorBody(error));
  response.writeHead(status, [
    ...['Content-Type', 'application/json; charset=utf-8'],
    ...['Content-Length', String(body.length)],
    ...['X-Content-Type-Options', 'nosniff'],
    ...['Cache-Control', 'no-store'],
    ...(status === 503 ? ['Retry-After', String(retryAfter)] : []),
  ]);
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** An error as a small page for a person, as JSON for a program. */
export function answerError(
  request: IncomingMessage,
  response: ServerResponse,
  error: AppError,
  options: { status?: number; title?: string; more?: Markup; reload?: number } = {},
): void {
  const { status = error.status, title = 'This did not work', more, reload = null } = options;
  if (!isNavigation(request)) {
    sendJson(request, response, status, error);
    return;
  }
  const body = html`<h1>${title}</h1>
    <p>${error.message}</p>
    ${more}`;
  sendPage(request, response, { status, title, reload, body });
}

/** Instead of the app: what it is doing, as a page that looks again, or 503. */
export function answerWaiting(request: IncomingMessage, response: ServerResponse, route: AppRoute): void {
  if (isNavigation(request)) sendPage(request, response, waitingPage(route));
  else sendJson(request, response, 503, new AppError('unavailable', waitingSentence(route)));
}

/** Nobody knows this browser here: the way in is through the console. */
export function answerStranger(request: IncomingMessage, response: ServerResponse, consoleUrl: string): void {
  answerError(request, response, stranger(), {
    title: 'Open this app from the console',
    more: html`<p><a href="${consoleUrl}" target="_top" rel="noreferrer">Go to the console</a></p>`,
  });
}

export const stranger = (): AppError =>
  new AppError('unauthenticated', 'This app is only open to people who come from the AiKore console.');

export const nothingHere = (): AppError =>
  new AppError('not_found', 'There is no app at this address. Look in the console which apps there are.');
