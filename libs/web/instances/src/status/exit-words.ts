import type { Instance } from '@aikore/contract';

const bySignal: Readonly<Record<number, string>> = {
  1: 'It was ended because its terminal or session closed (SIGHUP).',
  2: 'It was interrupted (SIGINT).',
  4: 'It used an instruction that this processor does not have (SIGILL): a library was built for another one.',
  6: 'It gave up on an inner error (SIGABRT). Its last lines say which.',
  7: 'It lost memory that it used (SIGBUS): most often /dev/shm is too small, or a disk is full.',
  8: 'It divided by zero (SIGFPE).',
  9: 'It was killed at once (SIGKILL).',
  11: 'It crashed inside of native code (SIGSEGV): most often builds of Torch, CUDA and the driver that do not fit.',
  13: 'It wrote to something that had gone (SIGPIPE).',
  15: 'It was asked to end (SIGTERM), not by AiKore.',
};
const byCode: Readonly<Record<number, string>> = {
  1: 'It failed; its last lines most often say why.',
  2: 'It did not understand how it was called, or failed; see its last lines.',
  126: 'A command of its script may not be run (exit code 126).',
  127: 'A command of its script was not found (exit code 127): see the last lines for its name.',
};
/** Linux signal numbers (signal(7)). */
const numbers: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGILL: 4,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGPIPE: 13,
  SIGTERM: 15,
};

const memoryWords = {
  counted: 'Memory ran out: the kernel killed a process for it while this ran.',
  likely: 'Nobody asked for it here; most often memory ran out and the kernel killed it.',
} as const;

/** What an exit code or signal means, in a sentence or two; empty where the reason says it all. */
export function explainExit({
  run,
  status_reason: reason,
  status,
}: Pick<Instance, 'run' | 'status' | 'status_reason'>): string {
  if (status !== 'error' || !run?.ended_at || run.reason !== 'exited') return '';
  const code = run.exit_code ?? 0;
  const signal = run.signal ? numbers[run.signal] : code > 128 ? code - 128 : undefined;
  const words = (signal !== undefined ? bySignal[signal] : byCode[code]) ?? '';
  return [words, reason?.memory ? memoryWords[reason.memory] : ''].filter(Boolean).join(' ');
}
