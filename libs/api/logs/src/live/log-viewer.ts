import type { Run } from '@aikore/contract';

/** What a subscription sends to its client; the gateway makes socket messages of it. */
export interface LogViewer {
  chunk(run: string, offset: number, data: Uint8Array): void;
  gap(run: string, from: number, to: number, reason: 'capped' | 'slow'): void;
  runBegan(run: Run): void;
  runEnded(run: Run): void;
  /** The connection has more waiting than it should: send nothing until `LogSubscription.proceed`. */
  congested(): boolean;
}
