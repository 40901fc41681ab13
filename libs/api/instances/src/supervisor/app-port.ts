import { Injectable } from '@nestjs/common';
import { DataLayout } from '@aikore/api/kernel';
import type { InstanceEntity, RunEntity } from '@aikore/database';
import { PortHolder, PortProbe, RunLauncher } from '@aikore/platform';
import { runRef } from './run-ref';

/** What the private port of a run says. */
export type PortAnswer =
  | { kind: 'silent' }
  | { kind: 'up' }
  /** Somebody else took the port before the app listened. `holder`: the program, in words. */
  | { kind: 'stranger'; holder: string };

/** Asks whether the app of a run is up on its own port. */
@Injectable()
export class AppPort {
  constructor(
    private readonly layout: DataLayout,
    private readonly probe: PortProbe,
    private readonly launcher: RunLauncher,
    private readonly holder: PortHolder,
  ) {}

  /** @param path any answer below 500 there counts */
  async ask(row: InstanceEntity, run: RunEntity, path: string): Promise<PortAnswer> {
    if (run.app_port === null) return { kind: 'silent' };
    const { httpStatus } = await this.probe.probe(run.app_port, { path, timeoutMs: 1000 });
    if (httpStatus === null || httpStatus >= 500) return { kind: 'silent' };
    const holder = await this.strangerOn(run.app_port, row, run);
    return holder === null ? { kind: 'up' } : { kind: 'stranger', holder };
  }

  /** Visitors with their cookies are sent to this port: whose it is is not taken for granted. */
  private async strangerOn(port: number, row: InstanceEntity, run: RunEntity): Promise<string | null> {
    const members = await this.launcher.members(runRef(this.layout, row, run));
    const pids = members.map(({ pid }) => pid);
    if ((await this.holder.listenersOf(pids)).some((listener) => listener.port === port)) return null;
    // One that may not be seen, another user's, is believed: an app may change its user.
    const { pid, text } = await this.holder.describe(port);
    return pid === null || pids.includes(pid) ? null : text;
  }
}
