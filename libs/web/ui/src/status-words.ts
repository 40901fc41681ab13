import { type InstanceStatus, type Progress, progressFraction } from '@aikore/contract';

/** What each status means, for a tooltip or a popover. */
export const statusMeaning: Record<InstanceStatus, string> = {
  stopped: 'Not running.',
  installing: 'The blueprint is installing the app. This can take many minutes.',
  starting: 'The app was launched; it does not answer on its port yet.',
  started: 'The app answers.',
  stalled: 'No answer in time, and no new output. It may still come, or hang.',
  stopping: 'The app was asked to end; its whole process tree is being stopped.',
  error: 'The app ended by itself, or could not be started.',
};

/** `Installing 3/7`, or just the status with a capital. */
export function statusLabel(status: InstanceStatus, progress: Progress | null): string {
  const word = status.charAt(0).toUpperCase() + status.slice(1);
  const moving = status === 'installing' || status === 'starting';
  return moving && progress && progress.steps > 0 ? `${word} ${progress.step}/${progress.steps}` : word;
}

/** How far the work is, 0 to 1; null when it cannot be told. */
export function progressShare(status: InstanceStatus, progress: Progress | null): number | null {
  if (status !== 'installing' && status !== 'starting') return null;
  return progress && progressFraction(progress);
}
