import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { DataLayout } from '@aikore/api/kernel';
import { Clock } from '@aikore/platform';
import { DenialThrottle } from './denial-throttle';
import { RotatingFile } from './rotating-file';

/** One line of the audit log. Never a body, a password, a token or a cookie. */
export interface AuditEntry {
  /** Username; null when nobody is known. */
  actor: string | null;
  via?: 'session' | 'token' | 'none' | null;
  address: string | null;
  /** `METHOD /path/pattern` of a request, or an event such as `ticket.redeemed`. */
  action: string;
  /** What it was done to: ids from the path, never typed text. */
  target?: string | null;
  result: 'ok' | 'denied' | 'failed';
  status?: number | null;
  code?: string | null;
  request_id?: string | null;
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
export class AuditLog implements OnModuleDestroy {
  private readonly logger = new Logger('Audit');
  private readonly file: RotatingFile;
  private readonly throttle: DenialThrottle;
  private pending: string[] = [];
  private lost = 0;
  private writing: Promise<void> | null = null;

  constructor(
    layout: DataLayout,
    private readonly clock: Clock,
  ) {
    this.file = new RotatingFile(layout.audit, maxBytes, kept);
    this.throttle = new DenialThrottle(clock);
  }

  record(entry: AuditEntry & { suppressed?: number }): void {
    if (this.pending.length >= maxPending) {
      this.lost += 1;
      return;
    }
    this.pending.push(`${JSON.stringify({ time: this.clock.now().toISOString(), ...entry })}\n`);
    this.writing ??= this.drain();
  }

  /** A refusal. Floods are thinned out per address and code; `suppressed` tells how many were left out before. */
  denied(entry: Omit<AuditEntry, 'result'>): void {
    const suppressed = this.throttle.admit(`${entry.address} ${entry.code ?? entry.status}`);
    if (suppressed === null) return;
    this.record({ ...entry, result: 'denied', ...(suppressed > 0 ? { suppressed } : {}) });
  }

  /** Resolves when everything recorded so far is written (or counted as lost). */
  async flush(): Promise<void> {
    while (this.writing) await this.writing;
  }

  async onModuleDestroy(): Promise<void> {
    await this.flush();
  }

  private async drain(): Promise<void> {
    await Promise.resolve(); // gathers what is recorded in the same turn
    while (this.pending.length > 0) {
      const lines = this.pending;
      this.pending = [];
      if (this.lost > 0) lines.push(`${JSON.stringify({ action: 'audit.lost', lines: this.lost })}\n`);
      this.lost = 0;
      await this.file.append(lines.join('')).catch((error: unknown) => {
        this.lost += lines.length;
        this.logger.error(`The audit log cannot be written; ${lines.length} lines are lost`, String(error));
      });
    }
    this.writing = null;
  }
}
