import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { serverBundle, workspaceRoot } from '../workspace';

const beside = join(dirname(serverBundle), '../cli/aikore.mjs');
const program = existsSync(beside) ? beside : join(workspaceRoot, 'dist/apps/cli/aikore.mjs');

export interface CliResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The built `aikore` command, with a home folder of its own. */
export class Cli {
  constructor(
    private readonly home: string,
    private readonly server: string,
  ) {}

  /** Run to the end. @param input what it reads from stdin */
  async run(args: readonly string[], input = ''): Promise<CliResult> {
    const running = this.start(args);
    running.child.stdin?.end(input);
    return running.ended;
  }

  /** Start it and read along. The caller ends it. */
  start(args: readonly string[]): { child: ChildProcess; text: () => string; ended: Promise<CliResult> } {
    const env = { PATH: process.env['PATH'], HOME: this.home, AIKORE_SERVER: this.server };
    const child = spawn(process.execPath, [program, ...args], { env });
    const texts = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.err += text));
    const ended = new Promise<CliResult>((done) => child.once('close', (code) => done({ code, ...texts })));
    return { child, text: () => texts.out, ended };
  }
}
