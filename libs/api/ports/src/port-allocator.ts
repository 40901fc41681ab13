import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { AppConfig, AppError, listenAddresses, Mailbox } from '@aikore/api/kernel';
import type { PoolPort } from '@aikore/contract';
import { InstanceEntity } from '@aikore/database';
import { inRange, planPort } from '@aikore/domain';
import { FreePorts, PortHolder } from '@aikore/platform';
import type { Repository } from 'typeorm';

/** What a lease is about: an instance's row, or its name while there is none yet. */
type Lessee = Pick<InstanceEntity, 'id' | 'name' | 'port' | 'persistent_port' | 'persistent_mode'>;

/** The column that holds a public port, with the port. */
export type Lease = { port: number } | { persistent_port: number };

/** The public port of an instance: a persistent one's is that of its desktop. */
export const publicPort = (instance: Lessee): number | null =>
  instance.persistent_mode ? instance.persistent_port : instance.port;

/** The lease of a port for an instance of this mode. */
export const leaseOf = ({ persistent_mode }: Pick<Lessee, 'persistent_mode'>, port: number): Lease =>
  persistent_mode ? { persistent_port: port } : { port };

/**
 * Leases the public ports of the pool and the private ports of the apps. Leases are rows of `instances`, unique in the
 * database; one lease at a time is decided here, so that two callers never choose the same port.
 */
@Injectable()
export class PortAllocator {
  private readonly turns = new Mailbox<'pool'>();

  constructor(
    private readonly config: AppConfig,
    @InjectRepository(InstanceEntity) private readonly instances: Repository<InstanceEntity>,
    private readonly freePorts: FreePorts,
    private readonly holder: PortHolder,
  ) {}

  /**
   * Give the instance a public port that works: keep its own, or heal a missing, doubled, out-of-range or occupied
   * one.
   *
   * @param write stores a new lease, while no other one is being decided
   * @returns the port, and what was wrong with the old one (null: nothing)
   * @throws AppError `no_free_port`, naming who holds the pool
   */
  ensurePublicPort(
    instance: Lessee,
    write: (lease: Lease) => Promise<unknown>,
  ): Promise<{ port: number; healed: string | null }> {
    return this.turns.post('pool', async () => {
      const others = await this.leases(instance.id);
      const occupied = new Map<number, string>();
      for (;;) {
        const plan = planPort(
          this.config.portRange,
          publicPort(instance),
          new Set(others.keys()),
          new Set(occupied.keys()),
        );
        if (plan.kind === 'none') throw this.exhausted(others, occupied);
        const stranger = await this.strangerOn(plan.port);
        if (stranger) {
          occupied.set(plan.port, stranger);
          continue;
        }
        if (plan.kind === 'keep') return { port: plan.port, healed: null };
        await write(leaseOf(instance, plan.port));
        return { port: plan.port, healed: plan.because };
      }
    });
  }

  /**
   * Lease a port that a person chose: `write` stores it while no other lease is being decided.
   *
   * @param instanceId whose port it becomes; `0` for an instance that `write` creates
   * @throws AppError `validation_failed` outside the pool, `port_taken` naming the holder; then nothing is written
   */
  choosePublicPort<T>(port: number, instanceId: number, write: () => Promise<T>): Promise<T> {
    return this.turns.post('pool', async () => {
      await this.assertFree(port, instanceId);
      return write();
    });
  }

  private async assertFree(port: number, instanceId: number): Promise<void> {
    const { portRange } = this.config;
    if (!inRange(portRange, port)) {
      throw new AppError('validation_failed', `Port ${port} is outside the pool ${portRange.from}-${portRange.to}.`, {
        fields: [{ path: 'port', message: `must lie between ${portRange.from} and ${portRange.to}` }],
      });
    }
    const owner = (await this.leases(instanceId)).get(port);
    if (owner)
      throw new AppError(
        'port_taken',
        `Port ${port} belongs to the instance "${owner.name}". Choose another one, or Auto.`,
      );
    const stranger = await this.strangerOn(port);
    if (stranger) throw new AppError('port_taken', `Port ${port} is used by ${stranger}. Choose another one, or Auto.`);
  }

  /** A private loopback port for an app, outside the pool and not kept by another instance. @param write stores it: no other one is chosen meanwhile */
  leaseAppPort<T>(instanceId: number, write: (port: number) => Promise<T>): Promise<T> {
    return this.turns.post('pool', async () => {
      const rows = await this.instances.find({ select: { id: true, app_port: true } });
      const kept = new Set(rows.filter((row) => row.id !== instanceId).map((row) => row.app_port));
      const port = await this.freePorts.findFree(
        (candidate) => kept.has(candidate) || inRange(this.config.portRange, candidate),
      );
      return write(port);
    });
  }

  /** The pool as clients see it. */
  async list(): Promise<PoolPort[]> {
    const leases = await this.leases(0);
    const ours = await this.ownPorts();
    const { from, to } = this.config.portRange;
    const ports = Array.from({ length: to - from + 1 }, (_, index) => from + index);
    return Promise.all(
      ports.map(async (port): Promise<PoolPort> => {
        const owner = leases.get(port);
        const stranger = ours.has(port) ? null : await this.strangerOn(port);
        const state = stranger ? 'foreign' : owner ? 'leased' : 'free';
        return { port, state, instance_id: owner?.id ?? null, holder: stranger ?? owner?.name ?? null };
      }),
    );
  }

  private async leases(except: number): Promise<Map<number, Lessee>> {
    const rows = await this.instances.find({
      select: { id: true, name: true, port: true, persistent_port: true, persistent_mode: true },
    });
    const leased = new Map<number, Lessee>();
    for (const row of rows) {
      const port = publicPort(row);
      if (row.id !== except && port !== null) leased.set(port, row);
    }
    return leased;
  }

  /** Who, other than this server, listens on the port; null when nobody does. */
  private async strangerOn(port: number): Promise<string | null> {
    const addresses = listenAddresses(this.config.host);
    const free = await Promise.all(addresses.map((address) => this.freePorts.canListen(address, port)));
    if (free.every(Boolean) || (await this.ownPorts()).has(port)) return null;
    return (await this.holder.describe(port)).text;
  }

  /** The ports on which this server listens itself. */
  private async ownPorts(): Promise<Set<number>> {
    const listeners = await this.holder.listenersOf([process.pid]);
    return new Set(listeners.map(({ port }) => port));
  }

  private exhausted(leases: ReadonlyMap<number, Lessee>, occupied: ReadonlyMap<number, string>): AppError {
    const { from, to } = this.config.portRange;
    const owners = [...leases]
      .filter(([port]) => inRange(this.config.portRange, port))
      .map(([port, { name }]) => `${port} "${name}"`);
    const strangers = [...occupied].map(([port, holder]) => `${port} ${holder}`);
    const holders = [...owners, ...strangers];
    const shown = holders.slice(0, 5).join(', ') + (holders.length > 5 ? `, and ${holders.length - 5} more` : '');
    const remedies = [
      ...(strangers.length > 0 ? ['End the other program'] : []),
      ...(owners.length > 0 ? ['Delete an instance'] : []),
      'Widen AIKORE_INSTANCE_PORT_RANGE',
    ];
    const advice = remedies.map((text, index) => (index === 0 ? text : text.replace(/^[DW]/, (c) => c.toLowerCase())));
    return new AppError('no_free_port', `No public port of ${from}-${to} is free (${shown}). ${advice.join(', or ')}.`);
  }
}
