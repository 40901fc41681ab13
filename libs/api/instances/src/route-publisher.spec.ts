import { DomainEvents } from '@aikore/api/kernel';
import type { AppRoutes } from '@aikore/api/proxy';
import { FakeClock } from '@aikore/platform/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import type { InstanceStore } from './instance-store';
import { RoutePublisher } from './route-publisher';

describe('RoutePublisher', () => {
  let clock: FakeClock;
  let events: DomainEvents;
  let publisher: RoutePublisher;
  let held: boolean;
  let applied: number;
  let reading: Promise<void>;

  beforeEach(() => {
    [clock, events, held, applied, reading] = [new FakeClock(), new DomainEvents(), true, 0, Promise.resolve()];
    const store: Pick<InstanceStore, 'rows'> = { rows: () => reading.then(() => []) };
    const routes: Pick<AppRoutes, 'apply'> = {
      apply: () => {
        applied += 1;
        return Promise.resolve({ problems: held ? [{ instanceId: 1, port: 19001, message: 'is held' }] : [] });
      },
    };
    publisher = new RoutePublisher(store as InstanceStore, routes as AppRoutes, clock, events);
  });

  const change = () => events.emit('instance.removed', { id: 7 });

  const within = async (ms: number): Promise<number> => {
    const before = applied;
    await clock.advance(ms);
    return applied - before;
  };

  it('tries a port that is held every 5 s, however much changes meanwhile, until it is free', async () => {
    await publisher.begin();
    for (let n = 0; n < 20; n += 1) {
      change();
      await clock.advance(40);
    }
    expect(applied).toBeGreaterThanOrEqual(20);
    expect(clock.pending).toBe(1);
    for (let round = 0; round < 3; round += 1) expect(await within(5000)).toBe(1);
    held = false;
    expect(await within(5000)).toBe(1);
    expect(await within(20_000)).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('is quiet once the server ends: it waits for what it reads, and neither retries nor reads again', async () => {
    await publisher.begin();
    let read = (): void => undefined;
    reading = new Promise((resolve) => (read = resolve));
    change();
    const closed = publisher.onModuleDestroy();
    expect(await Promise.race([closed.then(() => 'closed'), clock.advance(0).then(() => 'waiting')])).toBe('waiting');
    read();
    await closed;
    expect([applied, clock.pending]).toEqual([2, 0]);
    change();
    expect(await within(20_000)).toBe(0);
  });
});
