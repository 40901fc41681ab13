import type { AllowedAction, Instance } from '@aikore/contract';
import { type InstanceEntity, type RunEntity, toRun } from '@aikore/database';
import { actionsIn, isActive } from '@aikore/domain';

/**
 * An instance as clients see it.
 *
 * @param run     its current or last run
 * @param exposed where its processes were seen to listen beyond loopback
 */
export function toInstance(row: InstanceEntity, run: RunEntity | null, exposed: readonly string[]): Instance {
  return {
    id: row.id,
    parent_instance_id: row.parent_instance_id,
    name: row.name,
    base_blueprint: row.base_blueprint,
    status: row.status,
    gpu_ids: row.gpu_ids,
    port: row.port,
    persistent_mode: row.persistent_mode,
    persistent_port: row.persistent_port,
    persistent_display: row.persistent_display,
    output_path: row.output_path,
    hostname: row.hostname,
    use_custom_hostname: row.use_custom_hostname,
    autostart: row.autostart,
    python_version: row.python_version,
    cuda_version: row.cuda_version,
    torch_version: row.torch_version,
    slug: row.slug,
    directory: row.directory,
    position: row.position,
    restart_policy: row.restart_policy,
    desired_state: row.desired_state,
    status_since: row.status_since,
    status_reason: row.status_reason,
    progress: row.progress,
    run: run && lastRun(run),
    restarts: row.restarts,
    needs_restart: row.needs_restart,
    exposed: isActive(row.status) ? [...exposed] : [],
    path: `/instance/${row.slug}/`,
    allowedActions: allowedActions(row),
    revision: row.revision,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

function lastRun(row: RunEntity): NonNullable<Instance['run']> {
  const { log_start: _start, log_size: _size, ...run } = toRun(row);
  return run;
}

function allowedActions(row: InstanceEntity): AllowedAction[] {
  if (row.pending_delete !== null) return [];
  return [
    ...actionsIn(row.status),
    ...(row.status === 'started' ? (['open'] as const) : []),
    'edit',
    ...(isActive(row.status) || row.status_reason?.code === 'survivors' ? [] : (['delete'] as const)),
  ];
}
