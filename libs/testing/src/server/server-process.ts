import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { serverBundle } from '../workspace';

export interface ServerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

/** The environment of a server under test: ours without any AIKORE_ name, and what the test asks for. */
function environment(settings: Record<string, string>): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AIKORE_|NODE_OPTIONS$|PLAYWRIGHT_)/.test(name));
  return { ...Object.fromEntries(kept), ...settings };
}

/** One process of the built server, and everything that it wrote. */
export class ServerProcess {
  private readonly child: ChildProcess;
  private readonly chunks: string[] = [];
  readonly exited: Promise<ServerExit>;
  private ended: ServerExit | null = null;

  constructor(settings: Record<string, string>) {
    this.child = spawn(process.execPath, [serverBundle], {
      env: environment(settings),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.chunks.push(text));
    }
    this.exited = once(this.child, 'close').then(([code, signal]) => {
      this.ended = { code: code as number | null, signal: signal as NodeJS.Signals | null, output: this.output };
      return this.ended;
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get output(): string {
    return this.chunks.join('');
  }

  /** How it ended; null while it runs. */
  get exit(): ServerExit | null {
    return this.ended;
  }

  async end(signal: NodeJS.Signals): Promise<ServerExit> {
    if (!this.ended) this.child.kill(signal);
    return this.exited;
  }
}

/** Start a server that is expected to end by itself, such as one that refuses its configuration. */
export const runServer = (settings: Record<string, string>): Promise<ServerExit> => new ServerProcess(settings).exited;
