import { Injectable } from '@nestjs/common';
import { AppError, Mailbox, notFound } from '@aikore/api/kernel';
import type { InstanceOrder, MoveInstance } from '@aikore/contract';
import { planMove } from '@aikore/domain';
import { InstanceStore } from './instance-store';

const faults = {
  satellite_elsewhere: 'A satellite stays with its parent. Move it among its siblings, or move the parent.',
  before_satellite: 'Nothing goes between an instance and its satellites. Choose the parent to go before.',
} as const;

/** Puts instances into another order, one move at a time. */
@Injectable()
export class OrderedInstances {
  private readonly turns = new Mailbox<'order'>();

  constructor(private readonly store: InstanceStore) {}

  /** @throws AppError `not_found`, `validation_failed` for a move that would tear a family apart */
  move(move: MoveInstance): Promise<InstanceOrder> {
    return this.turns.post('order', async () => {
      const plan = planMove(await this.store.list(), move);
      if ('ids' in plan) {
        await this.store.order(plan.ids);
        return { ids: [...plan.ids] };
      }
      if (plan.fault === 'unknown') throw notFound(`instance ${move.id}`);
      if (plan.fault === 'unknown_before') throw notFound(`instance ${move.before}`);
      const message = faults[plan.fault];
      throw new AppError('validation_failed', message, { fields: [{ path: 'before', message }] });
    });
  }
}
