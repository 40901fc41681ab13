import { Injectable } from '@nestjs/common';
import { AppError, DomainEvents, notFound } from '@aikore/api/kernel';
import type { Instance } from '@aikore/contract';
import { isActive } from '@aikore/domain';
import { Clock } from '@aikore/platform';
import { InstanceStore } from './instance-store';

/** Lets a request wait until an instance is where it should be. */
@Injectable()
export class InstanceWaiter {
  constructor(
    private readonly store: InstanceStore,
    private readonly events: DomainEvents,
    private readonly clock: Clock,
  ) {}

  /**
   * @param seconds how long at most
   * @throws AppError `start_failed` when it fails, `wrong_state` when it ends up elsewhere, `timed_out`
   */
  async until(id: number, wanted: 'started' | 'stopped', seconds: number): Promise<Instance> {
    let settle: (outcome: Instance | AppError) => void = () => undefined;
    const reached = new Promise<Instance | AppError>((resolve) => (settle = resolve));
    const look = (instance: Instance): void => {
      const outcome = judge(instance, wanted);
      if (outcome) settle(outcome);
    };
    const off = this.events.on('instance.changed', ({ instance }) => {
      if (instance.id === id) look(instance);
    });
    const offRemoved = this.events.on('instance.removed', (removed) => {
      if (removed.id === id) settle(notFound(`instance ${id} any more`));
    });
    const timer = this.clock.setTimeout(
      () => settle(new AppError('timed_out', `It was not ${wanted} within ${seconds} s; what was asked for goes on.`)),
      seconds * 1000,
    );
    try {
      look(await this.store.view(id));
      const outcome = await reached;
      if (outcome instanceof AppError) throw outcome;
      return outcome;
    } finally {
      off();
      offRemoved();
      timer.cancel();
    }
  }
}

function judge(instance: Instance, wanted: 'started' | 'stopped'): Instance | AppError | null {
  if (instance.status === wanted) return instance;
  const willRetry = instance.status === 'error' && instance.desired_state === 'started';
  const settled = !isActive(instance.status) && !willRetry;
  if (!settled) return null;
  const why = instance.status_reason?.message ?? '';
  const code = instance.status === 'error' && wanted === 'started' ? 'start_failed' : 'wrong_state';
  return new AppError(code, `"${instance.name}" is ${instance.status}. ${why}`.trim());
}
