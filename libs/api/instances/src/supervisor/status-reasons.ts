import type { StatusReason } from '@aikore/contract';
import { describeEnd, type RunEnd } from '@aikore/domain';
import { AppError } from '@aikore/api/kernel';
import { SpawnError } from '@aikore/platform';

/** Why an app that ended by itself is not running, for the status chip. */
export function exitReason(
  end: RunEnd,
  next: { retryInMs: number | null; gaveUp: boolean },
  lines: readonly string[],
): StatusReason {
  const what = `It ended with ${describeEnd(end)}`;
  if (next.retryInMs !== null) {
    return {
      code: 'restarting',
      message: `${what}; it is started again in ${next.retryInMs / 1000} s.`,
      lines: [...lines],
    };
  }
  if (next.gaveUp) {
    const message = `${what}, five times within seconds of its start, so it is not started again. Mend the cause, then press Start.`;
    return { code: 'gave_up', message, lines: [...lines] };
  }
  if (end.code === 0) return { code: 'exited', message: 'It ended by itself, with exit code 0.' };
  return { code: 'exited', message: `${what}.`, lines: [...lines] };
}

/** Why nothing could be started. */
export function startFailure(error: unknown): StatusReason {
  if (error instanceof AppError) {
    const port = error.code === 'no_free_port' || error.code === 'port_taken';
    return { code: port ? 'port_unavailable' : 'blueprint_unusable', message: error.message };
  }
  if (error instanceof SpawnError) return { code: 'spawn_failed', message: error.message };
  return { code: 'storage', message: error instanceof Error ? error.message : String(error) };
}

export const silenceReason: StatusReason = {
  code: 'no_answer',
  message:
    'No answer on its port and no output for longer than its start timeout. It may still come up; its log may say why.',
};

export const survivorsReason = (survivors: readonly string[]): StatusReason => ({
  code: 'survivors',
  message: `Could not be stopped: ${survivors.join('; ')}. End it by hand, then press Start or Stop.`,
});
