import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

/**
 * A request's body for undici, which destroys what it was given as soon as the app has answered. Destroying the request
 * itself would close the visitor's connection before that answer (say, 413 in the middle of an upload) is read; here
 * the rest of the body is read and dropped instead.
 */
export class RequestBody extends Readable {
  constructor(private readonly request: IncomingMessage) {
    super({ highWaterMark: 64 * 1024 });
    this.on('error', () => undefined); // undici takes its own listener off before it destroys the body
    request.on('data', this.onData).on('end', this.onEnd).on('close', this.onClose);
  }

  override _read(): void {
    this.request.resume();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.request.off('data', this.onData).off('end', this.onEnd).off('close', this.onClose).resume();
    callback(error);
  }

  private readonly onData = (chunk: Buffer): void => {
    if (!this.push(chunk)) this.request.pause();
  };
  private readonly onEnd = (): void => {
    this.push(null);
  };
  private readonly onClose = (): void => {
    if (!this.request.complete) this.destroy(new Error('The client went away in the middle of its request'));
  };
}

/** Null when the request has none. */
export function bodyOf(request: IncomingMessage): RequestBody | null {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  return encoding !== undefined || (length !== undefined && length !== '0') ? new RequestBody(request) : null;
}
