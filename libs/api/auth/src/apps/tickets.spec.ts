import { describe, expect, it } from 'vitest';
import { FakeClock } from '@aikore/platform/testing';
import { Tickets } from './tickets';

describe('Tickets', () => {
  it('work once, for their instance, for 30 s', async () => {
    const clock = new FakeClock();
    const tickets = new Tickets(clock);
    const good = tickets.issue('session:a', 1);
    expect(tickets.redeem(good, 1)).toBe('session:a');
    expect(tickets.redeem(good, 1)).toBeNull();
    const elsewhere = tickets.issue('session:a', 1);
    expect(tickets.redeem(elsewhere, 2)).toBeNull();
    expect(tickets.redeem(elsewhere, 1)).toBeNull();
    const late = tickets.issue('session:a', 1);
    await clock.advance(30_000);
    expect(tickets.redeem(late, 1)).toBeNull();
    expect(tickets.redeem('unknown', 1)).toBeNull();
  });

  it('are bounded: the oldest goes', () => {
    const tickets = new Tickets(new FakeClock());
    const [first = '', ...others] = Array.from({ length: 1001 }, () => tickets.issue('session:a', 1));
    expect(tickets.redeem(first, 1)).toBeNull();
    expect(tickets.redeem(others[0] ?? '', 1)).toBe('session:a');
  });
});
