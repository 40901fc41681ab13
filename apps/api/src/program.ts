import 'reflect-metadata';
import { type AppConfig, toAppError } from '@aikore/api/kernel';
import { DatabaseRefusedError, DataDirLockedError } from '@aikore/database';
import { type RunningServer, startServer } from './server';

/** Exit codes that scripts and service managers may rely on. */
const exitCodes = { failed: 1, databaseRefused: 3, dataDirLocked: 4 } as const;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

function exitCodeFor(error: unknown): number {
  if (error instanceof DatabaseRefusedError) return exitCodes.databaseRefused;
  if (error instanceof DataDirLockedError) return exitCodes.dataDirLocked;
  return exitCodes.failed;
}

/** A sentence for what a person can mend; the whole stack for what is our own fault. */
function explain(error: unknown): string {
  if (error instanceof DatabaseRefusedError || error instanceof DataDirLockedError) return error.message;
  const known = toAppError(error);
  if (known.code !== 'internal') return known.message;
  if (error instanceof Error)
    return error.name === 'Error' || 'code' in error ? error.message : (error.stack ?? error.message);
  return String(error);
}

/** End as soon as the server is up, or at once when told so a second time. */
function endWhenTold(starting: Promise<RunningServer>): void {
  let ending = false;
  const end = async (): Promise<void> => {
    if (ending) return process.exit(exitCodes.failed);
    ending = true;
    const server = await starting.catch(() => null);
    if (!server) return; // its start tells why
    try {
      const running = await server.close();
      say(
        running > 0 ? `Stopped. ${running} instance(s) go on running; start AiKore again to manage them.` : 'Stopped.',
      );
      process.exit(0);
    } catch (error) {
      complain(`Stopping went wrong: ${explain(error)}`);
      process.exit(exitCodes.failed);
    }
  };
  process.on('SIGINT', () => void end());
  process.on('SIGTERM', () => void end());
}

/** Serve until told to end. @param onReady called when everything is up */
export async function run(config: AppConfig, onReady: () => void): Promise<void> {
  // A mistake of ours in one corner must not end what watches everybody's apps. It is loud, and counted in tests.
  process.on('unhandledRejection', (error) => complain(`Unhandled rejection: ${explain(error)}`));
  const starting = startServer(config);
  // Instances are adopted and requests answered before the start is over: whoever ends it then is heard as well.
  endWhenTold(starting);
  try {
    const { greeting } = await starting;
    onReady();
    for (const line of greeting) say(line);
  } catch (error) {
    complain(explain(error));
    process.exit(exitCodeFor(error));
  }
}
