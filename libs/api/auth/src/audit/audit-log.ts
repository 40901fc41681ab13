import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { type AuditEntry, AuditTrail, DataLayout } from '@aikore/api/kernel';
import { Clock, RotatingFile } from '@aikore/platform';
import { DenialThrottle } from './denial-throttle';

interface Line extends AuditEntry {
  readonly time: string;
  suppressed?: number;
}

const maxBytes = 10 * 1024 * 1024;
const kept = 5;
/** Lines that may wait for a slow disk; beyond that they are counted instead. */
const maxPending = 10_000;

/**
 * The audit log: JSON lines, appended in order, 0600, five older files of 10 MB kept. `record` never waits and never
 * throws: a full disk must not lock the admin out. It is said in the server's log, and lines that were lost are counted.
 */
@Injectable()
export class AuditLog extends AuditTrail implements OnModuleDestroy {
  private readonly logger = new Logger('Audit');
  private readonly file: RotatingFile;
  private readonly throttle: DenialThrottle<Line>;
  private pending: string[] = [];
  private lost = 0;
  private writing: Promise<void> | null = null;

  constructor(
    layout: DataLayout,
    private readonly clock: Clock,
  ) {
    super();
    this.file = new RotatingFile(layout.audit, maxBytes, kept);
    this.throttle = new DenialThrottle(clock, (line, suppressed) =>
      this.write(suppressed > 0 ? { ...line, suppressed } : line),
    );
  }

  override record(entry: AuditEntry): void {
    this.write(this.stamped(entry));
  }

  /** A refusal. Floods are thinned out per address and code; `suppressed` tells how many were left out before. */
  denied(entry: Omit<AuditEntry, 'result'>): void {
    const kind = `${entry.address} ${entry.code ?? entry.status}`;
    this.throttle.add(kind, this.stamped({ ...entry, result: 'denied' }));
  }

  /** Resolves when everything recorded so far is written (or counted as lost). */
  async flush(): Promise<void> {
    while (this.writing) await this.writing;
  }

  async onModuleDestroy(): Promise<void> {
    this.throttle.close();
    await this.flush();
  }

  private stamped(entry: AuditEntry): Line {
    return { time: this.clock.now().toISOString(), ...entry };
  }

  private write(line: Line): void {
    if (this.pending.length >= maxPending) {
      this.lost += 1;
      return;
    }
    this.pending.push(`${JSON.stringify(line)}\n`);
    this.writing ??= this.drain();
  }

  private async drain(): Promise<void> {
    await Promise.resolve(); // gathers what is recorded in the same turn
    while (this.pending.length > 0) {
      const [lines, lost] = [this.pending, this.lost];
      this.pending = [];
      this.lost = 0;
      const marker = lost > 0 ? `${JSON.stringify({ action: 'audit.lost', lines: lost })}\n` : '';
      await this.file.append(lines.join('') + marker).catch((error: unknown) => {
        this.lost += lost + lines.length;
        const why = error instanceof Error ? error.message : String(error);
        this.logger.error(`${this.lost} lines of the audit log are lost. ${why}`);
      });
    }
    this.writing = null;
  }
}
