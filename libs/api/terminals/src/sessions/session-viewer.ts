import { type TerminalEnding, terminalFlow } from '@aikore/contract';
import { ViewerFlow } from '@aikore/domain';

/** Where the messages to one viewer go; the gateway makes socket messages of them. */
export interface ViewerSink {
  screen(screen: { cols: number; rows: number; data: Uint8Array; reason: 'attached' | 'lagging' }): void;
  output(data: Uint8Array): void;
  resized(cols: number, rows: number): void;
  ended(ending: TerminalEnding): void;
  /** The connection has more waiting than it should, whatever its client acknowledges. */
  isCongested(): boolean;
}

/** What a terminal shows. */
export interface Screen {
  readonly cols: number;
  readonly rows: number;
  readonly data: Uint8Array;
}

/** One who looks at a terminal. */
export class SessionViewer {
  private readonly flow = new ViewerFlow(terminalFlow);
  private started = false;

  constructor(private readonly sink: ViewerSink) {}

  /** Bytes that it was sent and has not taken in. */
  get debt(): number {
    return this.sink.isCongested() ? Number.POSITIVE_INFINITY : this.flow.debt;
  }

  /** So far behind that nothing is sent until it can begin anew. */
  get shouldLag(): boolean {
    return this.started && !this.flow.isLagging && (this.sink.isCongested() || this.flow.shouldLag());
  }

  get isReadyForScreen(): boolean {
    return this.started && this.flow.isReadyForScreen && !this.sink.isCongested();
  }

  get isLagging(): boolean {
    return this.flow.isLagging;
  }

  /** Show everything; output follows from here. */
  show({ cols, rows, data }: Screen): void {
    const reason = this.started ? 'lagging' : 'attached';
    this.started = true;
    this.flow.screenSent(data.length);
    this.sink.screen({ cols, rows, data: data.subarray(0, terminalFlow.chunk), reason });
    for (const part of chunks(data.subarray(terminalFlow.chunk))) this.sink.output(part);
  }

  output(data: Uint8Array): void {
    if (!this.started || this.flow.isLagging) return;
    this.flow.outputSent(data.length);
    for (const part of chunks(data)) this.sink.output(part);
  }

  lag(): void {
    this.flow.lag();
  }

  /** @returns false when it claims bytes that it was not sent */
  acknowledged(total: number): boolean {
    return this.flow.acknowledged(total);
  }

  resized(cols: number, rows: number): void {
    if (this.started) this.sink.resized(cols, rows);
  }

  ended(ending: TerminalEnding): void {
    this.sink.ended(ending);
  }
}

function* chunks(data: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < data.length; at += terminalFlow.chunk) yield data.subarray(at, at + terminalFlow.chunk);
}
