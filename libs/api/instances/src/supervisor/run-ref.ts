import type { DataLayout } from '@aikore/api/kernel';
import type { InstanceEntity, RunEntity } from '@aikore/database';
import type { RunRef } from '@aikore/platform';

/** What the launcher needs to find the processes of a run. */
export function runRef(layout: DataLayout, row: InstanceEntity, run: RunEntity): RunRef {
  const { boot_id: bootId, pid, pid_start_time: startTime } = run;
  const known = bootId !== null && pid !== null && startTime !== null;
  const identity = known ? { runId: run.id, bootId, pid, startTime: Number(startTime) } : null;
  return { runId: run.id, runDir: layout.runs(row.directory), identity };
}
