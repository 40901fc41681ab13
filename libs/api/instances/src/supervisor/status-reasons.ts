import { Injectable } from '@nestjs/common';
import { AppError, DataLayout, sentenceOf } from '@aikore/api/kernel';
import { LogTail } from '@aikore/api/logs';
import type { StatusReason } from '@aikore/contract';
import type { InstanceEntity } from '@aikore/database';
import { describeEnd, type LifecycleEvent, type RestartDecision, type RunEnd, wasKilled } from '@aikore/domain';
import { Clock, MemoryKills, SpawnError } from '@aikore/platform';
import { InstanceStore } from '../instance-store';

/** How many lines of the log explain a crash. */
const lineCount = 12;

/** Says why an instance is what an event makes of it, for the status chip. */
@Injectable()
export class StatusReasons {
  constructor(
    private readonly layout: DataLayout,
    private readonly logs: LogTail,
    private readonly store: InstanceStore,
    private readonly memoryKills: MemoryKills,
    private readonly clock: Clock,
  ) {}

  async of(row: InstanceEntity, event: LifecycleEvent): Promise<StatusReason | null> {
    switch (event.type) {
      case 'exited':
        if (row.status === 'stopping') return row.status_reason;
        return {
          ...exitReason(event.end),
          ...this.whatNext(event.decision, `It ${describeEnd(event.end)}`),
          ...(event.end.code === 0 ? {} : { lines: await this.lastLines(row) }),
          ...(wasKilled(event.end) ? { memory: await this.memoryOf(row) } : {}),
        };
      case 'launch-failed':
        return { ...event.reason, ...this.whatNext(event.decision, event.reason.message) };
      case 'fell-silent':
        return event.stranger === null ? silence : portTaken(event.stranger);
      case 'tree-stopped':
      case 'swept':
        return event.survivors.length === 0 ? null : survivorsReason(event.survivors);
      default:
        return null;
    }
  }

  /** What the restart policy makes of a failure, in place of the failure alone. @param what happened, in words */
  private whatNext(decision: RestartDecision, what: string): Partial<StatusReason> {
    const sentence = what.replace(/\.$/, '');
    if (decision.retry) {
      const { delayMs } = decision;
      return {
        code: 'restarting',
        message: `${sentence}. It waits, and is started again in ${delayMs / 1000} s.`,
        retry_at: new Date(this.clock.now().getTime() + delayMs).toISOString(),
      };
    }
    if (!decision.gaveUp) return {};
    const message = `${sentence}, five times within seconds of its start, so it is not started again. Mend the cause, then press Start.`;
    return { code: 'gave_up', message };
  }

  /** Whether the kernel counted a kill since the run began; it says nothing of whose process that was. */
  private async memoryOf(row: InstanceEntity): Promise<StatusReason['memory']> {
    const before = (await this.store.currentRun(row))?.launch?.memory_kills;
    const now = await this.memoryKills.count();
    return before !== undefined && now !== null && now > before ? 'counted' : 'likely';
  }

  /** A log that cannot be read must not hide that the app is gone. */
  private async lastLines(row: InstanceEntity): Promise<string[]> {
    if (!row.current_run_id) return [];
    return this.logs.lastLines(this.layout.logFile(row.directory, row.current_run_id), lineCount).catch(() => []);
  }
}

function exitReason(end: RunEnd): StatusReason {
  return {
    code: 'exited',
    message: end.code === 0 ? 'It ended by itself, with exit code 0.' : `It ${describeEnd(end)}.`,
  };
}

/** Why nothing could be started. */
export function startFailure(error: unknown): StatusReason {
  if (error instanceof AppError) {
    const port = error.code === 'no_free_port' || error.code === 'port_taken';
    return { code: port ? 'port_unavailable' : 'blueprint_unusable', message: error.message };
  }
  if (error instanceof SpawnError) return { code: 'spawn_failed', message: error.message };
  return { code: 'storage', message: sentenceOf(error) };
}

/** The error with which a request to start is answered when the start failed. */
export function startError(reason: StatusReason | null): AppError {
  const message = reason?.message ?? 'It could not be started.';
  switch (reason?.code) {
    case 'port_unavailable':
      return new AppError('no_free_port', message);
    case 'blueprint_unusable':
      return new AppError('blueprint_unusable', message);
    default:
      return new AppError('start_failed', message);
  }
}

const silence: StatusReason = {
  code: 'no_answer',
  message:
    'No answer on its port and no output for longer than its start timeout. It may still come up; its log may say why.',
};

const portTaken = (holder: string): StatusReason => ({
  code: 'port_unavailable',
  message: `${holder} listens on the port that this app was given. Restart it: it is then given another one.`,
});

const survivorsReason = (survivors: readonly string[]): StatusReason => ({
  code: 'survivors',
  message: `Could not be stopped: ${survivors.join('; ')}. End it by hand, or press Stop to try again.`,
});
