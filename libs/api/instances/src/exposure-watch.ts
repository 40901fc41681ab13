import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { DataLayout } from '@aikore/api/kernel';
import type { InstanceEntity } from '@aikore/database';
import { isActive } from '@aikore/domain';
import { Clock, type ExposedSocket, PortHolder, RunLauncher, type Timer } from '@aikore/platform';
import { InstanceStore } from './instance-store';
import { runRef } from './supervisor/run-ref';

/** How often the machine is looked at: what is there now is told within 5 s (SECURITY.md, section 3). */
const lookMs = 3000;

/**
 * Notices apps that listen beyond loopback, where they are reached without the gate. A look is one table of the kernel;
 * processes are looked at only for sockets that were not there before.
 */
@Injectable()
export class ExposureWatch implements OnModuleDestroy {
  private readonly logger = new Logger(ExposureWatch.name);
  /** By the number of each socket: the instance whose it is, or null for one of somebody else. */
  private owners = new Map<string, number | null>();
  private timer: Timer | null = null;
  private looking: Promise<void> = Promise.resolve();
  private complaint = '';

  constructor(
    private readonly layout: DataLayout,
    private readonly store: InstanceStore,
    private readonly launcher: RunLauncher,
    private readonly holder: PortHolder,
    private readonly clock: Clock,
  ) {}

  begin(): void {
    this.timer = this.clock.setTimeout(() => {
      this.looking = this.guardedLook().then(() => {
        if (this.timer) this.begin();
      });
    }, lookMs);
  }

  async onModuleDestroy(): Promise<void> {
    this.timer?.cancel();
    this.timer = null;
    await this.looking;
  }

  private async guardedLook(): Promise<void> {
    try {
      await this.look();
      this.complaint = '';
    } catch (error) {
      const complaint = `Whether apps listen beyond loopback cannot be seen: ${String(error)}`;
      if (complaint !== this.complaint) this.logger.warn(complaint);
      this.complaint = complaint;
    }
  }

  private async look(): Promise<void> {
    const sockets = await this.holder.exposed();
    const known = new Map(sockets.flatMap(({ inode }) => this.entryOf(inode)));
    const found = sockets.filter(({ inode }) => !known.has(inode));
    // Nothing came, and nothing went.
    if (found.length === 0 && known.size === this.owners.size) return;
    const rows = await this.store.rows();
    if (found.length > 0) {
      const running = rows.filter(({ status }) => isActive(status));
      await this.findOwners(found, running, known);
    }
    this.owners = known;
    for (const { id } of rows) {
      const own = sockets.filter(({ inode }) => known.get(inode) === id);
      await this.store.setExposed(id, [...new Set(own.map(addressOf))].sort());
    }
  }

  private entryOf(inode: string): [string, number | null][] {
    const owner = this.owners.get(inode);
    return owner === undefined ? [] : [[inode, owner]];
  }

  private async findOwners(
    found: readonly ExposedSocket[],
    rows: readonly InstanceEntity[],
    owners: Map<string, number | null>,
  ): Promise<void> {
    const open = new Set(found.map(({ inode }) => inode));
    const claim = async (pids: readonly number[], owner: number | null): Promise<void> => {
      for (const { inode } of await this.holder.listenersOf(pids)) if (open.delete(inode)) owners.set(inode, owner);
    };
    // The console and the pool ports.
    await claim([process.pid], null);
    for (const row of rows) {
      if (open.size === 0) return;
      const run = await this.store.currentRun(row);
      const members = run ? await this.launcher.members(runRef(this.layout, row, run)) : [];
      const pids = members.map(({ pid }) => pid);
      await claim(pids, row.id);
    }
    for (const inode of open) owners.set(inode, null);
  }
}

const addressOf = ({ address, port }: ExposedSocket): string =>
  `${address.includes(':') ? `[${address}]` : address}:${port}`;
