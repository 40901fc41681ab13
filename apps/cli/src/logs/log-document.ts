import type { Run } from '@aikore/contract';
import type { GapReason, HistorySink } from './log-sink';

interface Entry {
  run: Run;
  /** Offset of the first byte. */
  offset: number;
  text?: string;
  /** Base64, when bytes were asked for. */
  data?: string;
  gaps: { from: number; to: number; reason: GapReason }[];
}

/** Collects the logs of runs for one JSON document. */
export class LogDocument implements HistorySink {
  readonly runs: Entry[] = [];
  private pieces: Uint8Array[] = [];

  constructor(private readonly bytes: boolean) {}

  async runBegan(run: Run): Promise<void> {
    this.runs.push({ run, offset: 0, gaps: [] });
    this.pieces = [];
  }

  async chunk(_run: string, offset: number, data: Uint8Array): Promise<void> {
    const entry = this.runs.at(-1);
    if (entry && this.pieces.length === 0) entry.offset = offset;
    this.pieces.push(data);
  }

  async gap(_run: string, from: number, to: number, reason: GapReason): Promise<void> {
    this.runs.at(-1)?.gaps.push({ from, to, reason });
  }

  /** The run is complete. */
  async flush(): Promise<void> {
    const content = Buffer.concat(this.pieces);
    Object.assign(
      this.runs.at(-1) ?? {},
      this.bytes ? { data: content.toString('base64') } : { text: content.toString('utf8') },
    );
  }
}
