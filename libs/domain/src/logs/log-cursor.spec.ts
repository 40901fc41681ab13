import { describe, expect, it } from 'vitest';
import { type CursorLimits, LogCursor } from './log-cursor';

const limits: CursorLimits = { window: 100, chunk: 40, maxLag: 1000, snapshot: 50 };
const cursor = (offset = 0, size = 0, logStart = 0) => new LogCursor(limits, { offset, size, logStart });

/** Carries out steps until one that only waits or ends. */
function drain(subject: LogCursor): string[] {
  const steps: string[] = [];
  for (;;) {
    const step = subject.next();
    if (step.kind === 'wait' || step.kind === 'end') return [...steps, step.kind];
    steps.push(`${step.kind === 'gap' ? step.reason : step.kind} ${step.from}-${step.to}`);
    subject.done(step);
  }
}

describe('LogCursor', () => {
  it('waits at the end and sends what is added, in chunks', () => {
    const subject = cursor(10, 10);
    expect(subject.next()).toEqual({ kind: 'wait' });
    subject.grown(60);
    expect(drain(subject)).toEqual(['send 10-50', 'send 50-60', 'wait']);
  });

  it('sends at most a window that is not acknowledged', () => {
    const subject = cursor(0, 500);
    expect(drain(subject)).toEqual(['send 0-40', 'send 40-80', 'send 80-100', 'wait']);
    expect(subject.inFlight).toBe(100);
    expect(subject.acked(40)).toBe(true);
    expect(drain(subject)).toEqual(['send 100-140', 'wait']);
  });

  it('refuses an acknowledgement of what was never sent, and ignores an old one', () => {
    const subject = cursor(0, 500);
    drain(subject);
    expect(subject.acked(101)).toBe(false);
    expect(subject.acked(100)).toBe(true);
    expect(subject.acked(3)).toBe(true);
    expect(subject.inFlight).toBe(0);
  });

  it('ends when the run ended and everything was sent, not before', () => {
    const subject = cursor(0, 30);
    subject.ended();
    expect(drain(subject)).toEqual(['send 0-30', 'end']);
    const stalled = cursor(0, 130);
    stalled.ended();
    expect(drain(stalled).at(-1)).toBe('wait');
    stalled.acked(100);
    expect(drain(stalled)).toEqual(['send 100-130', 'end']);
  });

  it('moves a live viewer that is too far behind forward, and says so', () => {
    const subject = cursor(0, 0);
    subject.grown(1001);
    expect(drain(subject)).toEqual(['slow 0-951', 'send 951-991', 'send 991-1001', 'wait']);
    expect(subject.inFlight).toBe(50);
  });

  it('never skips for a viewer that reads old bytes, nor after the run ended', () => {
    expect(cursor(0, 5000).next()).toEqual({ kind: 'send', from: 0, to: 40 });
    const ended = cursor(0, 0);
    ended.grown(5000);
    ended.ended();
    expect(ended.next()).toEqual({ kind: 'send', from: 0, to: 40 });
  });

  it('sends no gap to a viewer with a full window', () => {
    const subject = cursor(0, 0);
    subject.grown(100);
    drain(subject);
    subject.grown(10_000);
    subject.dropped(9_000);
    expect(subject.next()).toEqual({ kind: 'wait' });
    subject.acked(100);
    expect(drain(subject)[0]).toBe('capped 100-9000');
  });

  it('reports dropped bytes as a gap, also at the end of a log that is gone', () => {
    expect(drain(cursor(0, 200, 150))).toEqual(['capped 0-150', 'send 150-190', 'send 190-200', 'wait']);
    const gone = cursor(0, 200, 200);
    gone.ended();
    expect(drain(gone)).toEqual(['capped 0-200', 'end']);
  });

  it('does not count the bytes of a gap as in flight', () => {
    const subject = cursor(0, 80);
    drain(subject);
    subject.grown(600);
    subject.dropped(500);
    expect(drain(subject)).toEqual(['capped 80-500', 'send 500-520', 'wait']);
    expect(subject.inFlight).toBe(100);
    subject.acked(80); // reaches the gap, and so covers it
    expect(subject.inFlight).toBe(20);
    expect(drain(subject)).toEqual(['send 520-560', 'send 560-600', 'wait']);
  });

  it('ignores a size that goes back', () => {
    const subject = cursor(0, 30);
    subject.grown(10);
    expect(drain(subject)).toEqual(['send 0-30', 'wait']);
  });

  it('delivers every byte once or names it in a gap, whatever happens in whatever order', () => {
    for (let seed = 1; seed <= 400; seed += 1) checkRandomHistory(seed);
  });
});

/** Small deterministic generator (mulberry32), so that a failing seed can be run again. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function checkRandomHistory(seed: number): void {
  const next = random(seed);
  const below = (limit: number) => Math.floor(next() * limit);
  let size = below(300);
  let logStart = 0;
  const first = below(size + 1);
  const subject = cursor(first, size);
  let covered = first;
  let unacknowledged: [number, number][] = [];
  const step = (): boolean => {
    const decision = subject.next();
    if (decision.kind === 'wait' || decision.kind === 'end') return false;
    expect(decision.from, `seed ${seed}`).toBe(covered);
    expect(decision.to, `seed ${seed}`).toBeGreaterThan(decision.from);
    expect(decision.to, `seed ${seed}`).toBeLessThanOrEqual(size);
    covered = decision.to;
    subject.done(decision);
    if (decision.kind === 'send') {
      expect(decision.from, `seed ${seed}`).toBeGreaterThanOrEqual(logStart);
      unacknowledged.push([decision.from, decision.to]);
    }
    const bytes = unacknowledged.reduce((sum, [from, to]) => sum + to - from, 0);
    expect(bytes, `seed ${seed}`).toBeLessThanOrEqual(limits.window);
    return true;
  };
  const acknowledge = (): void => {
    const count = below(unacknowledged.length + 1);
    const last = unacknowledged[count - 1];
    if (!last) return;
    expect(subject.acked(last[1])).toBe(true);
    unacknowledged = unacknowledged.slice(count);
  };
  for (let turn = 0; turn < 200; turn += 1) {
    const dice = below(10);
    if (dice < 2) subject.grown((size += below(600)));
    else if (dice < 3) subject.dropped((logStart = logStart + below(size - logStart + 1)));
    else if (dice < 5) acknowledge();
    else step();
  }
  subject.ended();
  while (subject.next().kind !== 'end') {
    if (!step()) {
      expect(unacknowledged.length, `seed ${seed} is stuck`).toBeGreaterThan(0);
      const last = unacknowledged.at(-1);
      if (last) subject.acked(last[1]);
      unacknowledged = [];
    }
  }
  expect(covered, `seed ${seed}`).toBe(size);
}
