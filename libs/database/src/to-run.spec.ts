import { run } from '@aikore/contract';
import { describe, expect, it } from 'vitest';
import type { RunEntity } from './entities';
import { toRun } from './to-run';

describe('toRun', () => {
  it('answers what the contract says, and nothing of the process', () => {
    const row: RunEntity = {
      id: 'r1',
      instance_id: 7,
      started_at: '2026-01-01T00:00:00.000Z',
      ready_at: null,
      ended_at: null,
      exit_code: null,
      signal: null,
      reason: null,
      boot_id: 'boot',
      pid: 4711,
      pid_start_time: '99',
      app_port: 40001,
      log_start: 4096,
      log_size: 12,
      launch: null,
    };
    const view = toRun(row);
    expect(run.strict().parse(view)).toEqual(view);
    expect(view).toMatchObject({ id: 'r1', instance_id: 7, pid: 4711, log_start: 4096, log_size: 12 });
  });
});
