import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Instance } from '@aikore/contract';
import { Pool } from 'undici';

const startLimitMs = 60_000;
const password = 'only for this benchmark';
/** The admin of every benchmark's server. */
export const benchLogin = { username: 'admin', password } as const;

export interface BenchServerOptions {
  /** File name → text, in place of the stock blueprints. */
  blueprints?: Readonly<Record<string, string>>;
  /** Further variables of the server's environment. */
  env?: Readonly<Record<string, string>>;
}

/** The built server on a data folder of its own, with an admin's API token. */
export class BenchServer {
  readonly folder = mkdtempSync(join(tmpdir(), 'aikore-bench-'));
  readonly dataDir = join(this.folder, 'data');
  private child: ChildProcess | null = null;
  private token = '';

  private constructor(
    readonly port: number,
    private readonly options: BenchServerOptions,
  ) {
    mkdirSync(join(this.folder, 'blueprints'));
    for (const [name, text] of Object.entries(options.blueprints ?? {})) {
      writeFileSync(join(this.folder, 'blueprints', name), text, { mode: 0o755 });
    }
  }

  /** Start a server, make its admin and a token. */
  static async create(options: BenchServerOptions = {}): Promise<BenchServer> {
    const server = new BenchServer(await freePort(), options);
    await server.start();
    await server.setUp();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    if (!this.child?.pid) throw new Error('The server does not run.');
    return this.child.pid;
  }

  get headers(): Record<string, string> {
    return { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' };
  }

  /** @returns milliseconds from the start of the process to the first answer of /api/health */
  async start(): Promise<number> {
    const began = performance.now();
    this.child = spawn(process.execPath, ['dist/apps/api/main.mjs'], {
      env: { ...process.env, ...this.environment() },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    while (!(await this.isUp())) {
      if (this.child.exitCode !== null) throw new Error(`The server ended with ${this.child.exitCode}.`);
      if (performance.now() - began > startLimitMs) throw new Error('The server did not answer within a minute.');
      await delay(5);
    }
    return performance.now() - began;
  }

  /** End the server; instances go on. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const { child } = this;
    this.child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }

  /** Stop the instances and the server, and delete the folder. */
  async remove(): Promise<void> {
    try {
      if (this.child) await this.stopInstances();
    } finally {
      await this.stop();
      rmSync(this.folder, { recursive: true, force: true });
    }
  }

  /** @throws with the server's sentence for any answer but 2xx */
  async call<T>(method: string, path: string, body?: object): Promise<T> {
    const init = { method, headers: this.headers, body: body && JSON.stringify(body) };
    const answer = await fetch(this.url + path, init);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  instances(): Promise<Instance[]> {
    return this.call('GET', '/api/instances');
  }

  async stopInstances(): Promise<void> {
    const running = (await this.instances()).filter(({ allowedActions }) => allowedActions.includes('stop'));
    await Promise.all(running.map(({ id }) => this.call('POST', `/api/instances/${id}/actions/stop?wait=stopped`)));
  }

  /** Connections to the API that are kept alive. */
  pool(connections: number): Pool {
    return new Pool(this.url, { connections, pipelining: 1 });
  }

  private environment(): Record<string, string> {
    return {
      AIKORE_DATA_DIR: this.dataDir,
      AIKORE_HOST: '127.0.0.1',
      AIKORE_PORT: String(this.port),
      AIKORE_INSTANCE_PORT_RANGE: '23001-23040',
      ...(this.options.blueprints ? { AIKORE_BLUEPRINTS_DIR: join(this.folder, 'blueprints') } : {}),
      ...this.options.env,
    };
  }

  private async isUp(): Promise<boolean> {
    try {
      const answer = await fetch(`${this.url}/api/health`);
      await answer.arrayBuffer();
      return answer.ok;
    } catch {
      return false;
    }
  }

  private async setUp(): Promise<void> {
    const token = new URL(await this.setupUrl()).hash.replace('#token=', '');
    const headers = { 'content-type': 'application/json', 'x-aikore': '1' };
    const body = JSON.stringify({ token, ...benchLogin });
    const answer = await fetch(`${this.url}/api/setup`, { method: 'POST', headers, body });
    if (!answer.ok) throw new Error(`The set-up failed: ${answer.status} ${await answer.text()}`);
    const cookie = answer.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ');
    const made = await fetch(`${this.url}/api/tokens`, {
      method: 'POST',
      headers: { ...headers, cookie },
      body: JSON.stringify({ name: 'bench' }),
    });
    this.token = ((await made.json()) as { token: string }).token;
  }

  /** The file appears right after the first answer. */
  private async setupUrl(): Promise<string> {
    const deadline = performance.now() + 10_000;
    for (;;) {
      try {
        return readFileSync(join(this.dataDir, 'setup-url'), 'utf8').trim();
      } catch (error) {
        if (performance.now() > deadline) throw error;
        await delay(10);
      }
    }
  }
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
