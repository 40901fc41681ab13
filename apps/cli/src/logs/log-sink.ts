import type { Run } from '@aikore/contract';
import type { Io } from '../io';

export type GapReason = 'capped' | 'slow';

/** Where the bytes of logs go. What returns a promise is waited for. */
export interface HistorySink {
  chunk(run: string, offset: number, data: Uint8Array): Promise<void>;
  gap(run: string, from: number, to: number, reason: GapReason): Promise<void>;
  runBegan(run: Run): Promise<void>;
}

/** A sink for a log that goes on. */
export interface LogSink extends HistorySink {
  runEnded(run: Run): Promise<void>;
  waiting(): void;
  reconnected(): void;
}

/** What is written to stdout: `text` (UTF-8, wrong bytes replaced), `bytes` (as the app wrote them), or JSON lines. */
export type LogFormat = 'text' | 'bytes' | 'json';

const gapText = (from: number, to: number, reason: GapReason): string =>
  reason === 'capped'
    ? `[aikore: ${to - from} bytes were dropped by the size cap of logs]`
    : `[aikore: ${to - from} bytes were skipped, this reader was too slow]`;

const endText = ({ exit_code, signal, reason }: Run): string => {
  const how = signal ? `by ${signal}` : exit_code === null ? `(${reason ?? 'unknown'})` : `with exit code ${exit_code}`;
  return `[aikore: the run ended ${how}]`;
};

/** Log text or bytes on stdout; everything about them on stderr, so that a pipe gets the log and nothing else. */
export class PlainSink implements LogSink {
  private decoder = new TextDecoder();

  constructor(
    private readonly io: Io,
    private readonly format: 'text' | 'bytes',
  ) {}

  chunk(_run: string, _offset: number, data: Uint8Array): Promise<void> {
    return this.io.write(this.format === 'bytes' ? data : this.decoder.decode(data, { stream: true }));
  }

  async gap(_run: string, from: number, to: number, reason: GapReason): Promise<void> {
    await this.flush();
    this.io.note(gapText(from, to, reason));
  }

  async runBegan(run: Run): Promise<void> {
    this.io.note(`[aikore: run ${run.id} began]`);
  }

  async runEnded(run: Run): Promise<void> {
    await this.flush();
    this.io.note(endText(run));
  }

  waiting(): void {
    this.io.note('[aikore: the server is away, waiting for it]');
  }

  reconnected(): void {
    this.io.note('[aikore: connected again]');
  }

  /** The log stops or breaks off here: a character that was cut is shown as such, and does not swallow what comes next. */
  async flush(): Promise<void> {
    const rest = this.format === 'text' ? this.decoder.decode() : '';
    this.decoder = new TextDecoder();
    if (rest) await this.io.write(rest);
  }
}

/** One JSON document a line, for programs. With `bytes` the data is base64, else text. */
export class JsonSink implements LogSink {
  constructor(
    private readonly io: Io,
    private readonly bytes: boolean,
  ) {}

  chunk(run: string, offset: number, data: Uint8Array): Promise<void> {
    const buffer = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    const content = this.bytes ? { data: buffer.toString('base64') } : { text: buffer.toString('utf8') };
    return this.line({ type: 'chunk', run, offset, length: data.byteLength, ...content });
  }

  gap(run: string, from: number, to: number, reason: GapReason): Promise<void> {
    return this.line({ type: 'gap', run, from, to, reason });
  }

  runBegan(run: Run): Promise<void> {
    return this.line({ type: 'run', run });
  }

  runEnded(run: Run): Promise<void> {
    return this.line({ type: 'end', run });
  }

  waiting(): void {
    this.io.note('The server is away, waiting for it.');
  }

  reconnected(): void {
    this.io.note('Connected again.');
  }

  private line(message: object): Promise<void> {
    return this.io.write(`${JSON.stringify(message)}\n`);
  }
}
