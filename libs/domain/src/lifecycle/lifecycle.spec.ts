import { instanceStatuses, type InstanceStatus } from '@aikore/contract';
import { describe, expect, it } from 'vitest';
import { noFailures, noRestart, type RestartDecision } from './restart-policy';
import { actionsIn, decide, type LifecycleEvent, lifecycle, type LifecycleEventType } from './lifecycle';

const events: Record<LifecycleEventType, LifecycleEvent> = {
  start: { type: 'start' },
  stop: { type: 'stop' },
  restart: { type: 'restart' },
  'launch-failed': { type: 'launch-failed', reason: { code: 'storage', message: '' }, decision: noRestart },
  progressed: { type: 'progressed', progress: { phase: 'install', step: 1, steps: 3, text: '' } },
  answered: { type: 'answered' },
  'fell-silent': { type: 'fell-silent', stranger: null },
  spoke: { type: 'spoke' },
  exited: { type: 'exited', end: { code: 1, signal: null, lost: null }, decision: noRestart },
  'tree-stopped': { type: 'tree-stopped', survivors: [], end: null },
  swept: { type: 'swept', survivors: ['python3 (pid 7)'] },
  retry: { type: 'retry' },
  'cut-off': { type: 'cut-off' },
  'found-running': { type: 'found-running' },
};

/** Every cell: `-` means nothing there, else the next status; `a/b`: with `stopped`/`started` wanted. Columns in the order of `events`. */
const table: Record<InstanceStatus, string> = {
  stopped: 'starting - - - - - - - - - error - - stopping',
  installing: '- stopping stopping error installing started - - error - - - stopped -',
  starting: '- stopping stopping error installing started stalled - error - error - stopped -',
  started: '- stopping stopping - - - - - error - - - stopped -',
  stalled: '- stopping stopping error installing started - starting error - - - stopped -',
  stopping: 'stopping stopping stopping - - - - - stopping stopped/starting - - - -',
  error: 'starting stopping - - - - - - - - error -/starting - stopping',
};

describe('lifecycle', () => {
  for (const status of instanceStatuses) {
    const cells = table[status].split(' ');
    (Object.keys(events) as LifecycleEventType[]).forEach((type, column) => {
      const cell = cells[column] ?? '';
      const [stopped, started = stopped] = cell.split('/');
      it(`${status} × ${type} → ${cell}`, () => {
        const next = (desired: 'stopped' | 'started') => decide({ status, desired }, events[type])?.status ?? '-';
        expect([next('stopped'), next('started')]).toEqual([stopped, started]);
      });
    });
  }

  it('reaches every status from stopped, and stopped from every status', () => {
    const reachable = (from: InstanceStatus): Set<InstanceStatus> => {
      const seen = new Set([from]);
      for (const status of seen) {
        for (const event of Object.values(events)) {
          const next = decide({ status, desired: 'stopped' }, event);
          if (next) seen.add(next.status);
        }
      }
      return seen;
    };
    for (const status of instanceStatuses) expect(reachable(status)).toContain('stopped');
    expect([...reachable('stopped')].sort()).toEqual([...instanceStatuses].sort());
  });

  it('launches only from a state in which nothing runs', () => {
    for (const status of instanceStatuses) {
      for (const event of Object.values(events)) {
        const next = decide({ status, desired: 'started' }, event);
        if (!next?.effects.includes('launch')) continue;
        if (status === 'stopping') expect(event.type).toBe('tree-stopped');
        else if (status === 'starting') expect(event.type).toBe('swept');
        else expect(['stopped', 'error']).toContain(status);
      }
    }
  });

  it('a restart is a stop that ends in a launch; a stop asked meanwhile wins', () => {
    const stopping = decide({ status: 'started', desired: 'started' }, events.restart)!;
    expect(stopping).toEqual({ status: 'stopping', desired: 'started', effects: ['terminate'] });
    expect(decide(stopping, events['tree-stopped'])).toEqual({
      status: 'starting',
      desired: 'started',
      effects: ['launch'],
    });
    const halted = decide(stopping, events.stop)!;
    expect(decide(halted, events['tree-stopped'])?.status).toBe('stopped');
  });

  it('an end nobody asked for is an error, unless the exit code is 0', () => {
    const retry = { retry: true, delayMs: 1000, series: { restarts: 1, fast: 1 } } as const;
    const end = (code: number | null, decision: RestartDecision = noRestart) =>
      decide(
        { status: 'started', desired: 'started' },
        { type: 'exited', end: { code, signal: null, lost: null }, decision },
      );
    expect(end(0)?.status).toBe('stopped');
    expect(end(3)?.status).toBe('error');
    expect(end(null)?.status).toBe('error');
    expect(end(0, { retry: false, gaveUp: true, series: noFailures })?.status).toBe('error');
    expect(end(3, retry)).toEqual({ status: 'error', desired: 'started', effects: ['sweep', 'schedule-retry'] });
  });

  it('nothing left behind changes nothing', () => {
    expect(decide({ status: 'stopped', desired: 'stopped' }, { type: 'swept', survivors: [] })).toBeNull();
  });

  it('a start during a sweep launches when nothing is left, and never beside survivors', () => {
    const waiting = { status: 'starting', desired: 'started' } as const;
    expect(decide(waiting, { type: 'swept', survivors: [] })).toEqual({ ...waiting, effects: ['launch'] });
    expect(decide(waiting, events.swept)).toEqual({ status: 'error', desired: 'stopped', effects: [] });
  });

  it('survivors make an error, never a clean stop', () => {
    const next = decide(
      { status: 'stopping', desired: 'stopped' },
      { type: 'tree-stopped', survivors: ['python3 (pid 7)'], end: null },
    );
    expect(next?.status).toBe('error');
  });

  it('offers exactly the actions that have a cell', () => {
    expect(actionsIn('stopped')).toEqual(['start']);
    expect(actionsIn('started')).toEqual(['stop', 'restart']);
    expect(actionsIn('stopping')).toEqual(['start', 'stop', 'restart']);
    expect(actionsIn('error')).toEqual(['start', 'stop']);
    expect(Object.keys(lifecycle).sort()).toEqual([...instanceStatuses].sort());
  });
});
