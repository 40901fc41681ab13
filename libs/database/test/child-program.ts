import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..', '..', '..');

/** A program of `test/children`, compiled, so that a test can run it as a process of its own and kill it. */
export class ChildProgram {
  private constructor(private readonly dir: string) {}

  static async compile(name: string): Promise<ChildProgram> {
    // Below node_modules, so that the packages are found from there.
    const cache = join(root, 'node_modules', '.cache');
    await mkdir(cache, { recursive: true });
    const dir = await mkdtemp(join(cache, 'aikore-database-'));
    await build({
      entryPoints: [join(import.meta.dirname, 'children', `${name}.ts`)],
      outfile: join(dir, 'main.mjs'),
      tsconfig: join(root, 'tsconfig.base.json'),
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      keepNames: true,
      external: ['typeorm', 'typeorm/*', 'sqlite3', 'zod'],
      logLevel: 'error',
    });
    return new ChildProgram(dir);
  }

  /** Starts it with `input` as its one argument, in JSON. */
  start(input: unknown): RunningChild {
    const child = spawn(process.execPath, [join(this.dir, 'main.mjs'), JSON.stringify(input)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return new RunningChild(child);
  }

  remove(): Promise<void> {
    return rm(this.dir, { recursive: true, force: true });
  }
}

export class RunningChild {
  readonly lines: string[] = [];
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string | null>;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly child: ChildProcess) {
    if (child.stdout) {
      createInterface(child.stdout).on('line', (line) => {
        this.lines.push(line);
        this.listeners.forEach((listener) => listener());
      });
    }
    this.ended = new Promise((resolve) => child.on('close', (code, signal) => resolve(signal ?? code)));
  }

  get pid(): number {
    return this.child.pid as number;
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** Resolves when it has printed this many lines; rejects when it ends before. */
  async printed(count: number): Promise<void> {
    const enough = new Promise<void>((resolve) => {
      const check = () => this.lines.length >= count && resolve();
      this.listeners.add(check);
      check();
    });
    const early = this.ended.then((end) => {
      if (this.lines.length < count) throw new Error(`The child ended (${end}) after ${this.lines.length} lines.`);
    });
    await Promise.race([enough, early]);
  }
}
