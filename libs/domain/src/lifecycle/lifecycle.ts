import {
  type InstanceAction,
  type InstanceStatus,
  instanceActions,
  type Progress,
  type StatusReason,
} from '@aikore/contract';
import type { RestartDecision, RunEnd } from './restart-policy';

/** What can happen to an instance. Only the supervisor posts these. */
export type LifecycleEvent =
  | { type: 'start' }
  | { type: 'stop' }
  | { type: 'restart' }
  /** The launch went wrong; nothing runs. */
  | { type: 'launch-failed'; reason: StatusReason; decision: RestartDecision }
  | { type: 'progressed'; progress: Progress }
  /** The app port answered. */
  | { type: 'answered' }
  /** No answer within the start timeout, and no output either. `stranger`: the program that has its port instead. */
  | { type: 'fell-silent'; stranger: string | null }
  /** Output again after a silence. */
  | { type: 'spoke' }
  /** The app ended; `decision` is what its restart policy makes of it. */
  | { type: 'exited'; end: RunEnd; decision: RestartDecision }
  /** The process tree, asked to stop, is gone; `survivors` names what could not be ended. */
  | { type: 'tree-stopped'; survivors: readonly string[]; end: RunEnd | null }
  /** What an app that ended by itself had left behind was removed, but for `survivors`. */
  | { type: 'swept'; survivors: readonly string[] }
  /** The wait before a restart by policy is over. */
  | { type: 'retry' }
  /** The last server was killed before it had spawned anything. */
  | { type: 'cut-off' }
  /** The last server was killed before it could write down that this runs. */
  | { type: 'found-running' };

export type LifecycleEventType = LifecycleEvent['type'];

/** Side effects, as data: the supervisor carries them out in this order, after the new state is written. */
export type Effect =
  /**
   * Provision, lease, plan and spawn; ends in `launch-failed` or in a running process. While an ended run is being swept it
   * is left to the `swept` that follows.
   */
  | 'launch'
  /** Stop the whole process tree; ends in `tree-stopped`. */
  | 'terminate'
  /** Remove what an ended app left behind; ends in `swept`. */
  | 'sweep'
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

type Cell = (state: LifecycleState, event: LifecycleEvent) => Transition | null;
type Row = Partial<Record<LifecycleEventType, Cell>>;

const to =
  (status: InstanceStatus, ...effects: Effect[]): Cell =>
  ({ desired }) => ({ status, desired, effects });
const want =
  (desired: 'stopped' | 'started', status: InstanceStatus, ...effects: Effect[]): Cell =>
  () => ({ status, desired, effects });

/** While an app comes up, its own reports say whether it installs or launches. */
const progressed: Cell = ({ desired }, event) => ({
  status: event.type === 'progressed' && event.progress.phase === 'install' ? 'installing' : 'starting',
  desired,
  effects: [],
});

/** An end nobody asked for: an error, unless the app ended well; the policy may bring it back, or give up, which is an error. */
const exited: Cell = (_, event) => {
  if (event.type !== 'exited') return null;
  if (event.decision.retry) return { status: 'error', desired: 'started', effects: ['sweep', 'schedule-retry'] };
  const clean = !event.decision.gaveUp && (event.end.code === 0 || event.end.lost === 'reboot');
  return { status: clean ? 'stopped' : 'error', desired: 'stopped', effects: ['sweep'] };
};

/** A launch that failed is a failure like others: a restart by policy may try again. */
const launchFailed: Cell = (_, event) =>
  event.type === 'launch-failed' && event.decision.retry
    ? { status: 'error', desired: 'started', effects: ['schedule-retry'] }
    : { status: 'error', desired: 'stopped', effects: [] };

/** Survivors of an app that ended by itself: nothing is started beside them. */
const swept: Cell = (_, event) =>
  event.type === 'swept' && event.survivors.length > 0
    ? { status: 'error', desired: 'stopped', effects: ['cancel-retry'] }
    : null;

/** A start waits until what an earlier run left behind is gone: it may hold memory of the GPU, and the port. */
const sweptBeforeStart: Cell = ({ desired }, event) =>
  event.type === 'swept' && event.survivors.length > 0
    ? { status: 'error', desired: 'stopped', effects: [] }
    : { status: 'starting', desired, effects: ['launch'] };

/** The end of a stop: the second half of a restart, or rest. */
const treeStopped: Cell = ({ desired }, event) => {
  if (event.type === 'tree-stopped' && event.survivors.length > 0) {
    return { status: 'error', desired: 'stopped', effects: [] };
  }
  return desired === 'started'
    ? { status: 'starting', desired, effects: ['launch'] }
    : { status: 'stopped', desired, effects: [] };
};

/** The wait before a restart is over. Whoever no longer wants it may not have reached its timer. */
const retry: Cell = ({ desired }) =>
  desired === 'started' ? { status: 'starting', desired, effects: ['launch'] } : null;

const halt = want('stopped', 'stopping', 'terminate');
const again = want('started', 'stopping', 'terminate');
const begin = want('started', 'starting', 'launch');

const comingUp: Row = {
  stop: halt,
  restart: again,
  'launch-failed': launchFailed,
  progressed,
  answered: to('started'),
  exited,
  'cut-off': to('stopped'),
};

/**
 * The lifecycle: status × event → next status, what is wanted, and effects. An empty cell: the event means nothing
 * there; a request for it is refused (`wrong_state`), a report is dropped.
 */
export const lifecycle: Record<InstanceStatus, Row> = {
  stopped: { start: begin, swept, 'found-running': to('stopping', 'terminate') },
  error: {
    start: want('started', 'starting', 'cancel-retry', 'launch'),
    // Something of it may still run (survivors): a stop always looks.
    stop: want('stopped', 'stopping', 'cancel-retry', 'terminate'),
    retry,
    swept,
    'found-running': to('stopping', 'terminate'),
  },
  installing: comingUp,
  starting: { ...comingUp, 'fell-silent': to('stalled'), swept: sweptBeforeStart },
  stalled: { ...comingUp, spoke: to('starting') },
  started: { stop: halt, restart: again, exited, 'cut-off': to('stopped') },
  stopping: {
    start: want('started', 'stopping'),
    restart: want('started', 'stopping'),
    stop: halt,
    // The leader's exit while its tree is being stopped is not yet the end of it.
    exited: to('stopping'),
    'tree-stopped': treeStopped,
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
