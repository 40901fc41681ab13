import type { Instance } from '@aikore/contract';
import type { RowAction } from '../table/row-actions';

export interface Advice {
  readonly text: string;
  readonly actions: readonly { readonly label: string; readonly action: RowAction }[];
}

const logs = { label: 'Show the log', action: 'logs' } as const;
const start = { label: 'Start again', action: 'start' } as const;
const restart = { label: 'Restart', action: 'restart' } as const;
const stop = { label: 'Stop', action: 'stop' } as const;

/** What a person can do next; null when nothing is needed. Buttons follow `allowedActions`. */
export function adviceFor(instance: Instance): Advice | null {
  const advice = textAndActions(instance);
  if (!advice) return null;
  const allowed: readonly string[] = [...instance.allowedActions, 'logs'];
  return { ...advice, actions: advice.actions.filter(({ action }) => allowed.includes(action)) };
}

function textAndActions({ status, status_reason: reason, needs_restart: changed }: Instance): Advice | null {
  if (status === 'stalled') {
    return {
      text: 'Look at the log: a large download can be silent for long. If nothing moves, restart it.',
      actions: [logs, restart, stop],
    };
  }
  if (status === 'error')
    return {
      text: errorAdvice(reason?.code),
      actions: stoppable(reason?.code) ? [logs, start, stop] : [logs, start, restart],
    };
  if (status === 'started' && changed) {
    return { text: 'Saved changes wait for the next restart.', actions: [restart] };
  }
  if (status === 'installing') return { text: 'The log shows what it is doing.', actions: [logs] };
  return null;
}

/** Where something is still to come, or still there. */
const stoppable = (code: string | undefined): boolean => code === 'restarting' || code === 'survivors';

function errorAdvice(code: string | undefined): string {
  switch (code) {
    case 'port_unavailable':
      return 'Choose another port, or Auto, and start it again.';
    case 'blueprint_unusable':
      return 'Choose another blueprint, or repair this one, and start it again.';
    case 'storage':
      return 'Free some space in the data folder, and start it again.';
    case 'restarting':
      return 'It is started again by itself, by its restart policy. Press Stop to keep it down.';
    case 'gave_up':
      return 'It failed several times in a row. The log of the last run says why.';
    case 'survivors':
      return 'Some processes could not be stopped. Stop it again, or end them by hand.';
    default:
      return 'The end of the log most often names the reason.';
  }
}
