import { type TerminalEnding, terminalLimits } from '@aikore/contract';
import type { PtyExit } from '@aikore/platform';

export type EndReason = TerminalEnding['reason'];

const sentences: Readonly<Record<Exclude<EndReason, 'exited'>, string>> = {
  closed: 'This terminal was closed.',
  idle: `This terminal was ended: nothing ran or was typed in it for ${terminalLimits.idleMs / 60_000} minutes.`,
  instance_removed: 'This terminal was ended: the instance was deleted.',
  server_stopped: 'This terminal was ended: the server was stopped. Open a new one when it is back.',
  failed: 'This terminal was ended: something went wrong on the server. Its log says what.',
};

/**
 * How a terminal ended, for a person.
 *
 * @param reason why it was ended; null when the shell ended by itself
 */
export function endingOf(reason: EndReason | null, { code, signal }: PtyExit): TerminalEnding {
  if (reason !== null && reason !== 'exited') {
    return { reason, exit_code: code, signal, message: sentences[reason] };
  }
  const how = signal ? ` by ${signal}` : code ? ` with exit code ${code}` : '';
  return { reason: 'exited', exit_code: code, signal, message: `The shell was ended${how}.` };
}
