import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CreateInstance, type Instance, type InstanceAction, routes, type Run } from '@aikore/contract';
import { ApiClient } from '../client/api-client';
import { http, type HttpAnswer, type HttpCall } from '../client/http';
import { joinInstances, type LiveInstances, type LogTail, tailLog } from '../client/socket-client';
import { freePortBlock } from '../ports';
import { processesOfFolder, type SeenProcess } from '../processes';
import { until } from '../until';
import { readWholeLog } from './read-log';
import { type ServerExit, ServerProcess } from './server-process';

export interface TestServerOptions {
  /** Ports of the pool; 20 when absent. */
  poolSize?: number;
  /** Further AIKORE_* settings. */
  env?: Record<string, string>;
  /** A data folder that exists; it is removed at the end all the same. */
  dataDir?: string;
}

export const adminLogin = { username: 'admin', password: 'correct horse battery' } as const;

/**
 * The built server in a process of its own, with a data folder and ports of its own. `dispose` stops every instance and
 * makes sure that no process of theirs is left.
 */
export class TestServer {
  private process: ServerProcess | null = null;
  private readonly outputs: string[] = [];
  private token: string | null = null;

  private constructor(
    readonly dataDir: string,
    readonly port: number,
    readonly pool: { from: number; to: number },
    private readonly env: Record<string, string>,
  ) {}

  /** Choose a folder and ports; nothing runs yet. */
  static async prepare({ poolSize = 20, env = {}, dataDir }: TestServerOptions = {}): Promise<TestServer> {
    const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'aikore-e2e-')));
    const port = await freePortBlock(poolSize + 1);
    return new TestServer(folder, port, { from: port + 1, to: port + poolSize }, env);
  }

  /** A server that answers, without an admin. */
  static async start(options: TestServerOptions = {}): Promise<TestServer> {
    const server = await TestServer.prepare(options);
    await server.orDispose(() => server.boot());
    return server;
  }

  /** A server that answers, with an admin and an API token of theirs. */
  static async startSetUp(options: TestServerOptions = {}): Promise<TestServer> {
    const server = await TestServer.start(options);
    await server.orDispose(() => server.setUp());
    return server;
  }

  get settings(): Record<string, string> {
    return {
      AIKORE_DATA_DIR: this.dataDir,
      AIKORE_PORT: String(this.port),
      AIKORE_INSTANCE_PORT_RANGE: `${this.pool.from}-${this.pool.to}`,
      AIKORE_STOP_GRACE_SECONDS: '2',
      ...this.env,
    };
  }

  get database(): string {
    return join(this.dataDir, 'aikore.db');
  }

  /** Pid of the server; 0 when it does not run. */
  get pid(): number {
    return this.process?.exit ? 0 : (this.process?.pid ?? 0);
  }

  /** Everything that all processes of this server wrote. */
  get output(): string {
    return [...this.outputs, this.process?.output ?? ''].join('');
  }

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  /** The API as the admin. */
  get api(): ApiClient {
    return new ApiClient(this.port, this.token);
  }

  /** The API as somebody else. @param token null: nobody */
  as(token: string | null): ApiClient {
    return new ApiClient(this.port, token);
  }

  get adminToken(): string {
    if (this.token === null) throw new Error('There is no admin yet: call setUp().');
    return this.token;
  }

  /** Milliseconds from the start of the last boot to any answer at all: that it is starting, most often. */
  listenedAfter = 0;

  /** Start the process and wait for its first answer. @returns milliseconds from the start to that answer */
  async boot(): Promise<number> {
    const started = performance.now();
    this.listenedAfter = 0;
    const current = (this.process = new ServerProcess(this.settings));
    await until(
      async () => {
        if (current.exit) throw new Error(`The server ended with ${current.exit.code}:\n${current.output}`);
        const answer = await http(this.port, '/api/health').catch(() => null);
        if (answer) this.listenedAfter ||= performance.now() - started;
        return answer?.status === 200;
      },
      'the first answer of the server',
      60_000,
    );
    return performance.now() - started;
  }

  /** The set-up URL of this boot, once it is written. */
  async setupUrl(): Promise<string> {
    const file = join(this.dataDir, 'setup-url');
    await until(() => existsSync(file), 'the file with the set-up URL');
    return (await readFile(file, 'utf8')).trim();
  }

  async setupToken(): Promise<string> {
    return (await this.setupUrl()).split('#token=')[1] ?? '';
  }

  /** Make the admin with the set-up token, and an API token for them. */
  async setUp(): Promise<void> {
    const body = JSON.stringify({ token: await this.setupToken(), ...adminLogin });
    const json = { 'content-type': 'application/json' };
    const answer = await http(this.port, '/api/setup', { method: 'POST', headers: json, body });
    const cookie = (answer.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');
    const made = await http(this.port, '/api/tokens', {
      method: 'POST',
      headers: { ...json, cookie, 'x-aikore': '1' },
      body: JSON.stringify({ name: 'tests' }),
    });
    if (made.status !== 201) throw new Error(`The set-up failed: ${answer.text} ${made.text}`);
    this.token = (JSON.parse(made.text) as { token: string }).token;
  }

  /** Create an instance. */
  create(input: Omit<CreateInstance, 'restart_policy'> & Partial<CreateInstance>): Promise<Instance> {
    return this.api.call(routes.createInstance, { body: input });
  }

  /** Ask for an action. @param wait answer only when that is reached */
  act(id: number, action: InstanceAction, wait?: 'started' | 'stopped'): Promise<Instance> {
    const query = wait ? { wait, timeout: 60 } : {};
    return this.api.call(routes.actOnInstance, { params: { id, action }, query });
  }

  get(id: number): Promise<Instance> {
    return this.api.call(routes.getInstance, { params: { id } });
  }

  list(): Promise<Instance[]> {
    return this.api.call(routes.listInstances);
  }

  runs(id: number): Promise<Run[]> {
    return this.api.call(routes.listRuns, { params: { id } });
  }

  /** The whole log of an instance's run. @param run absent: the newest */
  log(id: number, run?: string): Promise<Buffer> {
    return readWholeLog(this.api, id, run);
  }

  /** Wait until an instance is as it should be. */
  untilInstance(id: number, test: (instance: Instance) => boolean, what: string, ms?: number): Promise<Instance> {
    return until(
      async () => {
        const instance = await this.get(id);
        return test(instance) ? instance : null;
      },
      what,
      ms,
    );
  }

  /** A request to an instance's app, through `/instance/<slug>/`, with the admin's token. */
  app(instance: Pick<Instance, 'path'>, path = '', call: HttpCall = {}): Promise<HttpAnswer> {
    return http(this.port, instance.path + path, { ...call, headers: { ...this.api.headers, ...call.headers } });
  }

  joinInstances(): Promise<LiveInstances> {
    return joinInstances(this.port, this.adminToken);
  }

  tailLog(id: number): Promise<LogTail> {
    return tailLog(this.port, this.adminToken, id);
  }

  /** End the server as a crash would. Instances go on. */
  async kill9(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Ask the server to end, as Ctrl-C does. Instances go on. */
  async stop(): Promise<ServerExit | null> {
    return this.end('SIGTERM');
  }

  /** kill -9, then start again. @returns milliseconds from the start to the first answer */
  async crashAndBoot(): Promise<number> {
    await this.kill9();
    return this.boot();
  }

  /** Processes that belong to instances of this server, by their environment, command line or folder. */
  survivors(): SeenProcess[] {
    return processesOfFolder(this.dataDir).filter(({ pid }) => pid !== this.pid);
  }

  /** Stop everything and remove the folder. @throws Error naming what was left behind; that is killed */
  async dispose(): Promise<void> {
    await this.stopInstances().catch((error: unknown) => this.outputs.push(`Not stopped in order: ${String(error)}\n`));
    await this.stop();
    const left = await this.leftovers();
    for (const { pid } of left) process.kill(pid, 'SIGKILL');
    await rm(this.dataDir, { recursive: true, force: true, maxRetries: 5 });
    if (left.length > 0) {
      throw new Error(`Left behind: ${left.map(({ pid, command }) => `${pid} ${command}`).join('; ')}`);
    }
  }

  /** A server that could not be made ready is not left behind. */
  private async orDispose(step: () => Promise<unknown>): Promise<void> {
    try {
      await step();
    } catch (error) {
      await this.dispose();
      throw error;
    }
  }

  private async stopInstances(): Promise<void> {
    if (this.token === null) return;
    if (this.pid === 0) await this.boot();
    for (const { id, allowedActions } of await this.list()) {
      if (allowedActions.includes('stop')) await this.api.ask(routes.actOnInstance, { params: { id, action: 'stop' } });
    }
    const isOver = ({ status, desired_state }: Instance): boolean =>
      status === 'stopped' || (status === 'error' && desired_state === 'stopped');
    await until(async () => (await this.list()).every(isOver), 'every instance to stop', 30_000);
  }

  private leftovers(): Promise<SeenProcess[]> {
    return until(() => this.survivors().length === 0, 'no process to be left', 2000).then(
      () => [],
      () => this.survivors(),
    );
  }

  private async end(signal: NodeJS.Signals): Promise<ServerExit | null> {
    const exit = (await this.process?.end(signal)) ?? null;
    if (exit) this.outputs.push(exit.output);
    this.process = null;
    return exit;
  }
}
