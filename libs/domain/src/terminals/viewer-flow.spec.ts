import { describe, expect, it } from 'vitest';
import { mustWait, ViewerFlow } from './viewer-flow';

const limits = { pause: 512, resume: 128, lag: 1024 };

describe('mustWait', () => {
  it('stops at the one bound and goes on at the other', () => {
    expect([512, 513].map((debt) => mustWait(false, [debt], limits))).toEqual([false, true]);
    expect([129, 128].map((debt) => mustWait(true, [debt], limits))).toEqual([true, false]);
  });

  it('goes by the fastest viewer, and waits for nobody', () => {
    expect(mustWait(false, [5000, 10], limits)).toBe(false);
    expect(mustWait(false, [5000, 600], limits)).toBe(true);
    expect(mustWait(true, [], limits)).toBe(false);
  });
});

describe('ViewerFlow', () => {
  it('counts what was sent and not acknowledged, and knows a claim that cannot be true', () => {
    const flow = new ViewerFlow(limits);
    flow.screenSent(100);
    flow.outputSent(50);
    expect(flow.debt).toBe(150);
    expect([flow.acknowledged(120), flow.acknowledged(80), flow.acknowledged(151)]).toEqual([true, true, false]);
    expect(flow.debt).toBe(30);
  });

  it('calls a viewer slow for output that it does not take, not for a large screen', () => {
    const flow = new ViewerFlow(limits);
    flow.screenSent(10_000);
    expect(flow.shouldLag()).toBe(false);
    flow.outputSent(1024);
    expect(flow.shouldLag()).toBe(false);
    flow.outputSent(1);
    expect(flow.shouldLag()).toBe(true);
  });

  it('gives one that was left behind the screen again once it has caught up', () => {
    const flow = new ViewerFlow(limits);
    flow.outputSent(2000);
    flow.lag();
    expect([flow.shouldLag(), flow.isLagging, flow.isReadyForScreen]).toEqual([false, true, false]);
    flow.acknowledged(1900);
    expect(flow.isReadyForScreen).toBe(true);
    flow.screenSent(500);
    expect([flow.isLagging, flow.isReadyForScreen]).toEqual([false, false]);
  });
});
