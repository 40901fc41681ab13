import { Injectable } from '@nestjs/common';
import { AppConfig, AppError, Mailbox } from '@aikore/api/kernel';
import { maxCheckedBytes, type ScriptCheck, type ScriptFinding } from '@aikore/contract';
import { parseBlueprintHeader } from '@aikore/domain';
import { CommandRunner, type CommandResult } from '@aikore/platform';
import { parseShellcheck } from './shellcheck-report';

const limits = { timeoutMs: 10_000, maxOutputBytes: 2 * 1024 * 1024 } as const;
/** Checks that wait for the one under way; a person who types needs one. */
const mostWaiting = 4;
/** Files that a script sources are not there when it is checked. */
const excluded = 'SC1090,SC1091';
const argv = ['shellcheck', '--norc', '--shell=bash', '--format=json1', `--exclude=${excluded}`, '-'] as const;

const notes = {
  missing: 'ShellCheck is not installed on the server, so only the header is checked.',
  long: 'The script is too long for ShellCheck: only its header is checked.',
  failed: 'ShellCheck could not finish: only the header is checked.',
} as const;

/** Looks for mistakes in a script: ShellCheck, where it is installed, one at a time; and the header's own rules. */
@Injectable()
export class ScriptChecker {
  private readonly turns = new Mailbox<'shellcheck'>();
  private waiting = 0;

  constructor(
    private readonly config: AppConfig,
    private readonly commands: CommandRunner,
  ) {}

  /** @throws AppError `rate_limited` when too many checks wait */
  async check(content: string): Promise<ScriptCheck> {
    const header = headerFinding(content);
    const { findings, note } = await this.shellcheck(content);
    return { available: note === null, note, findings: [...header, ...findings] };
  }

  private async shellcheck(content: string): Promise<{ findings: ScriptFinding[]; note: string | null }> {
    if (Buffer.byteLength(content) > maxCheckedBytes) return { findings: [], note: notes.long };
    const result = await this.inTurn(() => this.run(content));
    if (result.end === 'not_found') return { findings: [], note: notes.missing };
    // 0: nothing found, 1: something found; anything else is trouble of its own.
    const findings = result.end === 'exited' && result.code <= 1 ? parseShellcheck(result.stdout) : null;
    return findings ? { findings, note: null } : { findings: [], note: notes.failed };
  }

  private async inTurn<T>(task: () => Promise<T>): Promise<T> {
    if (this.waiting > mostWaiting) {
      throw new AppError('rate_limited', 'Other scripts are being checked. Try again in a moment.', { retryAfter: 2 });
    }
    this.waiting += 1;
    try {
      return await this.turns.post('shellcheck', task);
    } finally {
      this.waiting -= 1;
    }
  }

  private run(stdin: string): Promise<CommandResult> {
    const { PATH = '/usr/local/bin:/usr/bin:/bin' } = this.config.inheritedEnvironment;
    return this.commands.run({ argv, env: { PATH, LANG: 'C.UTF-8' }, cwd: '/', stdin, ...limits });
  }
}

function headerFinding(content: string): ScriptFinding[] {
  const { problem } = parseBlueprintHeader(content, 'launch.sh');
  if (problem === null) return [];
  const line = Number(/^Line (\d+)/.exec(problem)?.[1] ?? 1);
  const message = `Header: ${problem} The defaults count instead.`;
  const end_column = [...(content.split(/\r?\n/)[line - 1] ?? '')].length + 1;
  return [{ line, column: 1, end_line: line, end_column, level: 'error', code: null, message }];
}
