import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import { answerHeaders } from './answer-headers';
import type { Destination } from './destination';
import { isLostConnection } from './failure';
import { bodyOf, type RequestBody } from './request-body';
import { requestHeaders } from './request-headers';

/** Answers in place of the app: the waiting page, 502, 504. Only called while nothing of an answer was sent. */
export type OnFailure = (request: IncomingMessage, response: ServerResponse, cause: unknown) => void;

/** Methods that may be sent twice (RFC 9110 §9.2.1). */
const safe = new Set(['GET', 'HEAD', 'OPTIONS']);
const retryOnce = 1;

/**
 * One request and its answer, streamed both ways with back-pressure, without buffering.
 *
 * It is undici's handler itself: this is the path of every file that an app's page loads, so there is no promise, no
 * stream object and no header object in between.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | null = null;
  private body: RequestBody | null = null;
  private attempts = 0;
  private length: number | null = null;
  private begun = false;
  private ended = false;
  private waitsForDrain = false;

  constructor(
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
    private readonly destination: Destination,
    private readonly pool: Dispatcher,
    private readonly onFailure: OnFailure,
  ) {}

  start(): void {
    if (this.response.destroyed) return; // gone while the request waited for its turn
    this.response.on('error', ignore).on('close', () => this.onVisitorGone());
    this.body = bodyOf(this.request);
    if (this.body) this.attempts = retryOnce; // it cannot be sent again
    this.dispatch();
  }

  private dispatch(): void {
    const { request, destination, body } = this;
    const method = request.method as Dispatcher.HttpMethod;
    const headers = requestHeaders(request, destination);
    this.pool.dispatch({ method, path: destination.path, headers, body }, this);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.ended) controller.abort(visitorGone);
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, _: unknown, statusText?: string): void {
    if (status < 200) return; // interim answers are for this connection; the visitor waits for the final one
    const raw = (controller.rawHeaders as Buffer[]).map((part) => part.toString('latin1'));
    const { headers, length } = answerHeaders(raw, this.request, this.destination);
    this.length = length;
    if (statusText && isPlain(statusText)) this.response.writeHead(status, statusText, headers);
    else this.response.writeHead(status, headers);
    process.nextTick(flushHead, this);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const { response } = this;
    if (!this.begun && chunk.length === this.length) {
      this.ended = true;
      endWith(response, chunk);
      return;
    }
    this.begun = true;
    if (response.write(chunk)) return;
    controller.pause();
    if (this.waitsForDrain) return;
    this.waitsForDrain = true;
    response.on('drain', () => controller.resume());
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    if (this.ended) return;
    const trailers = controller.rawTrailers as Buffer[] | null | undefined;
    if (trailers?.length) this.response.addTrailers(pairs(trailers) as never);
    this.ended = true;
    this.response.end();
  }

  onResponseError(_: Dispatcher.DispatchController, cause: Error): void {
    const { request, response } = this;
    this.body?.destroy(); // undici leaves a body alone that it never began to send
    if (this.ended) return;
    if (response.headersSent) {
      this.ended = true;
      response.destroy(); // the only honest end of an answer that was broken off
    } else if (this.attempts < retryOnce && isLostConnection(cause) && safe.has(request.method ?? '')) {
      this.attempts += 1;
      this.dispatch();
    } else {
      this.ended = true;
      this.onFailure(request, response, cause);
    }
  }

  /** Send the head on its own when no body came along with it, such as an event stream's before its first event. */
  flush(): void {
    if (this.begun || this.ended) return;
    this.begun = true;
    this.response.flushHeaders();
  }

  private onVisitorGone(): void {
    if (this.ended) return;
    this.ended = true;
    this.controller?.abort(visitorGone);
  }
}

/** Bytes up to which copying a body costs less than a second buffer in the write. */
const smallBody = 16 * 1024;

/**
 * The whole body came with the head. As text of one byte per character the two leave in a single write, when `end`
 * comes after it: node writes a head and a buffer, or a body and its end, as a vector, which takes longer.
 */
function endWith(response: ServerResponse, body: Buffer): void {
  if (body.length > smallBody) {
    response.end(body);
    return;
  }
  response.write(body.toString('latin1'), 'latin1');
  process.nextTick(end, response);
}

const end = (response: ServerResponse): unknown => response.end();
const visitorGone = new Error('The visitor went away');
const ignore = (): void => undefined;
const flushHead = (exchange: Exchange): void => exchange.flush();
/** What node takes as a reason phrase. */
const isPlain = (text: string): boolean => /^[\t\x20-\x7e]*$/.test(text);

function pairs(raw: readonly Buffer[]): [string, string][] {
  const result: [string, string][] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    result.push([(raw[i] as Buffer).toString('latin1'), (raw[i + 1] as Buffer).toString('latin1')]);
  }
  return result;
}
