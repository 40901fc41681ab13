import { type InstanceAction, type InstanceStatus, instanceActions, type Progress } from '@aikore/contract';

/** How a run ended. `code` is null when a signal ended it; `lost`: the machine restarted under it. */
export interface RunEnd {
  readonly code: number | null;
  readonly signal: string | null;
  readonly lost: boolean;
}

/** What can happen to an instance. Only the supervisor posts these. */
export type LifecycleEvent =
  | { type: 'start' }
  | { type: 'stop' }
  | { type: 'restart' }
  /** The launch went wrong before a process ran. */
  | { type: 'launch-failed' }
  | { type: 'progressed'; progress: Progress }
  /** The app port answered. */
  | { type: 'answered' }
  /** No answer within the start timeout, and no output either. */
  | { type: 'fell-silent' }
  /** Output again after a silence. */
  | { type: 'spoke' }
  | { type: 'exited'; end: RunEnd; retry: boolean }
  /** The process tree was stopped; `survivors` names what could not be ended. */
  | { type: 'tree-stopped'; survivors: readonly string[]; end: RunEnd | null }
  /** The wait before a restart by policy is over. */
  | { type: 'retry' };

export type LifecycleEventType = LifecycleEvent['type'];

/** Side effects, as data: the supervisor carries them out in this order. */
export type Effect =
  /** Provision, lease, plan and spawn; ends in `launch-failed` or in a running process. */
  | 'launch'
  /** Stop the whole process tree; ends in `tree-stopped`. */
  | 'terminate'
  /** Write how the run ended, and sweep what its tree left behind. */
  | 'finish-run'
  /** Wait for the backoff, then post `retry`. */
  | 'schedule-retry'
  | 'cancel-retry';

export interface LifecycleState {
  readonly status: InstanceStatus;
  /** What a person wants: a stop with `started` wanted is the first half of a restart. */
  readonly desired: 'stopped' | 'started';
}

export interface Transition {
  readonly status: InstanceStatus;
  readonly desired: 'stopped' | 'started';
  readonly effects: readonly Effect[];
}

type Cell = (state: LifecycleState, event: LifecycleEvent) => Transition;
type Row = Partial<Record<LifecycleEventType, Cell>>;

const to =
  (status: InstanceStatus, ...effects: Effect[]): Cell =>
  ({ desired }) => ({ status, desired, effects });
const want =
  (desired: 'stopped' | 'started', status: InstanceStatus, ...effects: Effect[]): Cell =>
  () => ({ status, desired, effects });
const stay =
  (...effects: Effect[]): Cell =>
  (state) => ({ ...state, effects });

/** While an app comes up, its own reports say whether it installs or launches. */
const progressed: Cell = ({ desired }, event) => ({
  status: event.type === 'progressed' && event.progress.phase === 'install' ? 'installing' : 'starting',
  desired,
  effects: [],
});

/** An end nobody asked for: an error, unless the app ended well; then the policy may bring it back. */
const exited: Cell = (_, event) => {
  if (event.type !== 'exited') throw new Error('not an exit');
  if (event.retry) return { status: 'error', desired: 'started', effects: ['finish-run', 'schedule-retry'] };
  const clean = event.end.code === 0 || event.end.lost;
  return { status: clean ? 'stopped' : 'error', desired: 'stopped', effects: ['finish-run'] };
};

const failed = want('stopped', 'error');
const halt = want('stopped', 'stopping', 'terminate');
const again = want('started', 'stopping', 'terminate');
const begin = want('started', 'starting', 'launch');

const comingUp: Row = {
  stop: halt,
  restart: again,
  'launch-failed': failed,
  progressed,
  answered: to('started'),
  exited,
};

/**
 * The lifecycle: status × event → next status, what is wanted, and effects. An empty cell: the event means nothing
 * there; a request for it is refused (`wrong_state`), a report is dropped.
 */
export const lifecycle: Record<InstanceStatus, Row> = {
  stopped: { start: begin },
  error: {
    start: want('started', 'starting', 'cancel-retry', 'launch'),
    stop: want('stopped', 'stopped', 'cancel-retry'),
    retry: begin,
  },
  installing: comingUp,
  starting: { ...comingUp, 'fell-silent': to('stalled') },
  stalled: { ...comingUp, spoke: to('starting') },
  started: { stop: halt, restart: again, exited },
  stopping: {
    // The leader's exit while its tree is being stopped is not yet the end of it.
    exited: stay('finish-run'),
    restart: want('started', 'stopping'),
    stop: want('stopped', 'stopping'),
    'tree-stopped': ({ desired }, event) => {
      if (event.type === 'tree-stopped' && event.survivors.length > 0) {
        return { status: 'error', desired: 'stopped', effects: ['finish-run'] };
      }
      return desired === 'started'
        ? { status: 'starting', desired, effects: ['finish-run', 'launch'] }
        : { status: 'stopped', desired, effects: ['finish-run'] };
    },
  },
};

/**
 * The next state for an event, or null where the event means nothing.
 *
 * @param state the instance's status and what is wanted of it
 */
export function decide(state: LifecycleState, event: LifecycleEvent): Transition | null {
  return lifecycle[state.status][event.type]?.(state, event) ?? null;
}

/** The actions a person may ask for now: those whose cell is not empty. */
export const actionsIn = (status: InstanceStatus): InstanceAction[] =>
  instanceActions.filter((action) => lifecycle[status][action] !== undefined);

/** True while processes of the instance run, or may. */
export const isActive = (status: InstanceStatus): boolean => status !== 'stopped' && status !== 'error';
