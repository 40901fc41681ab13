// What a command tells the person who waits for it.
const terminal = process.stdout.isTTY === true;
/** Without a terminal a line is written this often, so that a log shows that something still happens. */
const heartbeatMs = 15_000;

/** An end that a person can mend: shown as its sentence, without a stack. */
export class Stop extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

export const say = (line) => void process.stdout.write(`${line}\n`);

/** `340 ms`, `12 s`, `2 min 5 s`. */
export function duration(ms) {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1_000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/**
 * Do a part of the work and say so: its title at once, how long it has been going on, and how long it took.
 *
 * @template T
 * @param {string} title
 * @param {(detail: (text: string) => void) => Promise<T>} work `detail` shows what it is doing now
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const started = performance.now();
  const elapsed = () => duration(performance.now() - started);
  let detail = '';
  const show = () => {
    const line = `  … ${title}, ${elapsed()}${detail ? `: ${detail}` : ''}`;
    if (terminal) process.stdout.write(`\r\x1b[K${line.slice(0, (process.stdout.columns ?? 80) - 1)}`);
    else say(line);
  };
  if (!terminal) say(`  … ${title}`);
  const timer = setInterval(show, terminal ? 500 : heartbeatMs);
  const end = (mark) => {
    clearInterval(timer);
    if (terminal) process.stdout.write('\r\x1b[K');
    say(`  ${mark} ${title} (${elapsed()})`);
  };
  try {
    const result = await work((text) => (detail = text.trim().replace(/\s+/g, ' ').slice(0, 100)));
    end('✓');
    return result;
  } catch (error) {
    end('✗');
    throw error;
  }
}

/** Run a whole command; a `Stop` becomes its sentence and exit code. */
export async function command(work) {
  try {
    await work();
  } catch (error) {
    process.stderr.write(`\n${error instanceof Stop ? error.message : (error.stack ?? error)}\n`);
    process.exitCode = error instanceof Stop ? error.exitCode : 1;
  }
}
