import type { Run } from '@aikore/contract';
import type { RunEntity } from './entities';

/** A run as clients see it: without what only finds its process again. */
export function toRun(row: RunEntity): Run {
  const { id, instance_id, started_at, ready_at, ended_at, exit_code, signal, reason, pid, log_start, log_size } = row;
  return { id, instance_id, started_at, ready_at, ended_at, exit_code, signal, reason, pid, log_start, log_size };
}
