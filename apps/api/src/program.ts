import 'reflect-metadata';
import { type AppConfig, toAppError } from '@aikore/api/kernel';
import { DatabaseRefusedError, DataDirLockedError } from '@aikore/database';
import { startServer } from './server';

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

async function serve(config: AppConfig, onReady: () => void): Promise<void> {
  const server = await startServer(config);
  onReady();
  for (const line of server.greeting) say(line);
  // A mistake of ours in one corner must not end what watches everybody's apps. It is loud, and counted in tests.
  process.on('unhandledRejection', (error) => complain(`Unhandled rejection: ${explain(error)}`));
  let ending = false;
  const end = (): void => {
    if (ending) process.exit(exitCodes.failed); // asked twice: at once
    ending = true;
    void server.close().then(
      (running) => {
        say(
          running > 0
            ? `Stopped. ${running} instance(s) go on running; start AiKore again to manage them.`
            : 'Stopped.',
        );
        process.exit(0);
      },
      (error: unknown) => {
        complain(`Stopping went wrong: ${explain(error)}`);
        process.exit(exitCodes.failed);
      },
    );
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
}

/** Serve until told to end. @param onReady called when everything is up */
export async function run(config: AppConfig, onReady: () => void): Promise<void> {
  try {
    await serve(config, onReady);
  } catch (error) {
    complain(explain(error));
    process.exit(exitCodeFor(error));
  }
}
