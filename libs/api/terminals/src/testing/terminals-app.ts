import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Global, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import {
  AppError,
  type AuditEntry,
  AuditTrail,
  DomainEvents,
  type Gate,
  GatedSocketAdapter,
  type Identity,
} from '@aikore/api/kernel';
import { Clock, NodePtyHost, PtyHost, SystemClock } from '@aikore/platform';
import { ShellPlaces, type ShellPlan } from '../shell-places';
import { TerminalSessions } from '../sessions/terminal-sessions';
import { TerminalsModule } from '../terminals.module';

/** Lets everybody in as the admin whom a header names, whose credential is that name too. */
const nameGate = {
  judge: ({ headers }: { headers: Record<string, string | undefined> }) => {
    const username = headers['x-user'] ?? 'ada';
    const identity: Identity = { userId: null, username, role: 'admin', via: 'token', credential: username };
    return { refused: null, identity };
  },
} as unknown as Gate;

/** Folders of instances 1 to 999, made when they are asked for. */
export class TestPlaces extends ShellPlaces {
  readonly env: Record<string, string> = {};
  /** Awaited before a plan is given. */
  before: Promise<unknown> = Promise.resolve();

  constructor(readonly root: string) {
    super();
  }

  folder(id: number): string {
    return join(this.root, `app-${id}`);
  }

  override async plan(instanceId: number): Promise<ShellPlan> {
    await this.before;
    if (instanceId > 999) throw new AppError('not_found', `There is no instance ${instanceId}.`);
    const cwd = this.folder(instanceId);
    await mkdir(cwd, { recursive: true });
    const env = {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      HOME: this.root,
      TERM: 'xterm-256color',
      AIKORE_ENVIRONMENT: join(cwd, 'env'),
    };
    return { cwd, env: { ...env, ...this.env } };
  }
}

/** A real Nest application with the terminals module only: real shells, real sockets. */
export class TerminalsApp {
  private constructor(
    private readonly app: NestExpressApplication,
    readonly places: TestPlaces,
    readonly audit: readonly AuditEntry[],
    readonly url: string,
  ) {}

  /** @param host in place of node-pty */
  static async start(host: PtyHost = new NodePtyHost()): Promise<TerminalsApp> {
    const places = new TestPlaces(await mkdtemp(join(tmpdir(), 'aikore-terminals-')));
    await writeFile(join(places.root, '.bashrc'), "PS1='$ '\nbind 'set enable-bracketed-paste off'\n");
    const audit: AuditEntry[] = [];
    const trail: AuditTrail = { record: (entry) => void audit.push(entry) };
    const app = await NestFactory.create<NestExpressApplication>(rootModule(host, places, trail), {
      logger: ['error', 'warn'],
      abortOnError: false,
    });
    app.useWebSocketAdapter(new GatedSocketAdapter(app, nameGate, app.get(DomainEvents)));
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    return new TerminalsApp(app, places, audit, `http://127.0.0.1:${port}`);
  }

  get events(): DomainEvents {
    return this.app.get(DomainEvents);
  }

  get sessions(): TerminalSessions {
    return this.app.get(TerminalSessions);
  }

  async close(): Promise<void> {
    await this.app.close();
    await rm(this.places.root, { recursive: true, force: true });
  }
}

function rootModule(host: PtyHost, places: TestPlaces, trail: AuditTrail): new () => object {
  @Global()
  @Module({
    providers: [
      DomainEvents,
      { provide: Clock, useClass: SystemClock },
      { provide: PtyHost, useValue: host },
      { provide: AuditTrail, useValue: trail },
    ],
    exports: [DomainEvents, Clock, PtyHost, AuditTrail],
  })
  class Globals {}

  @Module({ providers: [{ provide: TestPlaces, useValue: places }], exports: [TestPlaces] })
  class Places {}

  @Module({ imports: [Globals, TerminalsModule.with(Places, TestPlaces)] })
  class Root {}
  return Root;
}
