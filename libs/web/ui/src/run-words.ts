import type { Run } from '@aikore/contract';

/** How a run ended, in a few words: `exit code 1`, `killed by SIGKILL`, `stopped`. */
export function runOutcome(run: Pick<Run, 'reason' | 'exit_code' | 'signal'>): string {
  if (run.reason === 'spawn_failed') return 'could not be started';
  if (run.reason === 'lost') return 'lost with the machine';
  const how = run.signal ? `killed by ${run.signal}` : run.exit_code === null ? '' : `exit code ${run.exit_code}`;
  if (run.reason === 'stopped') return how ? `stopped (${how})` : 'stopped';
  return how || 'ended';
}
