import { logFlow, type Run } from '@aikore/contract';
import { describe, expect, it, vi } from 'vitest';
import type { RunLog } from '../files/run-logs';
import { type LogSource, LogSubscription } from './log-subscription';
import type { LogViewer } from './log-viewer';
import type { WatchedLog } from './watched-log';

/** A log in memory, as far as a subscription looks at it. */
class FakeLog {
  logStart = 0;
  ended = false;
  viewers = 0;
  private listener: () => void = () => undefined;

  constructor(
    readonly runId: string,
    public size: number,
  ) {}

  get run(): Run {
    return { id: this.runId } as Run;
  }

  join(listener: () => void): void {
    this.viewers += 1;
    this.listener = listener;
  }

  change(values: Partial<Pick<FakeLog, 'size' | 'logStart' | 'ended'>>): void {
    Object.assign(this, values);
    this.listener();
  }

  read = async (from: number, to: number): Promise<Buffer> => Buffer.alloc(Math.min(to, this.size) - from);
}

function setUp(follows: boolean, ...logs: FakeLog[]) {
  const sent: string[] = [];
  const state = { congested: false, failing: '' };
  const find = (id: string) => logs.find(({ runId }) => runId === id) as unknown as WatchedLog;
  const source: LogSource = {
    acquire: async ({ run }) => {
      if (state.failing === 'acquire') throw new Error('too many open files');
      return find(run.id);
    },
    release: (watched) => void ((watched as unknown as FakeLog).viewers -= 1),
    find: async (_, id) => {
      if (state.failing === 'find') throw new Error('database is locked');
      return { run: { id } as Run } as RunLog;
    },
    failed: (error) => sent.push(String(error)),
  };
  const viewer: LogViewer = {
    chunk: (run, offset, data) => sent.push(`${run} ${offset}+${data.length}`),
    gap: (run, from, to, reason) => sent.push(`${run} ${reason} ${from}-${to}`),
    runBegan: ({ id }) => sent.push(`began ${id}`),
    runEnded: ({ id }) => sent.push(`ended ${id}`),
    congested: () => state.congested,
  };
  const subscription = new LogSubscription(source, viewer, 1, follows);
  return { subscription, sent, state, first: { run: { id: logs[0]?.runId } } as RunLog };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('LogSubscription', () => {
  it('sends nothing before the join was answered, and nothing once it was closed', async () => {
    const log = new FakeLog('a', 10);
    const { subscription, sent, first } = setUp(false, log);
    await subscription.watch(first, 0);
    await settle();
    expect(sent).toEqual([]);
    subscription.begin();
    await settle();
    expect(sent).toEqual(['a 0+10']);
    subscription.close();
    log.change({ size: 20 });
    await settle();
    expect(sent).toHaveLength(1);
    expect(log.viewers).toBe(0);
  });

  it('stops for a congested connection, whatever is acknowledged, and goes on when told', async () => {
    const log = new FakeLog('a', 3 * logFlow.chunk);
    const { subscription, sent, state, first } = setUp(false, log);
    await subscription.watch(first, 0);
    state.congested = true;
    subscription.begin();
    await settle();
    expect(subscription.acknowledge('a', 0)).toBe(true);
    await settle();
    expect(sent).toEqual([]);
    state.congested = false;
    subscription.proceed();
    await settle();
    expect(sent).toHaveLength(3);
    expect(subscription.acknowledge('a', 4 * logFlow.chunk)).toBe(false);
  });

  it('goes through later runs one after the other, each of them once', async () => {
    const [a, b, c] = [new FakeLog('a', 1), new FakeLog('b', 2), new FakeLog('c', 3)];
    const { subscription, sent, first } = setUp(true, a, b, c);
    subscription.enqueue(['a', 'c']); // heard while the newest run was being looked up
    await subscription.watch(first, 0);
    subscription.enqueue(['b', 'c'], 'front');
    subscription.begin();
    for (const log of [a, b, c]) {
      await settle();
      log.change({ ended: true });
    }
    await settle();
    expect(sent).toEqual(['a 0+1', 'ended a', 'began b', 'b 0+2', 'ended b', 'began c', 'c 0+3', 'ended c']);
    expect(subscription.finished).toBe(false);
    expect([a, b, c].map(({ viewers }) => viewers)).toEqual([0, 0, 0]);
  });

  it.each(['find', 'acquire'])('comes back to the next run after an error of %s', async (call) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const [a, b, c] = [new FakeLog('a', 1), new FakeLog('b', 2), new FakeLog('c', 3)];
      const { subscription, sent, state, first } = setUp(true, a, b, c);
      await subscription.watch(first, 0);
      subscription.begin();
      state.failing = call;
      subscription.enqueue(['b']);
      a.change({ ended: true });
      await settle();
      vi.advanceTimersByTime(1000);
      await settle();
      expect(sent.slice(2)).toEqual([expect.stringMatching(/^Error/), expect.stringMatching(/^Error/)]);
      state.failing = '';
      vi.advanceTimersByTime(1999);
      await settle();
      expect(sent).toHaveLength(4);
      vi.advanceTimersByTime(1);
      await settle();
      expect(sent.slice(4)).toEqual(['began b', 'b 0+2']);
      b.change({ ended: true });
      state.failing = call;
      subscription.enqueue(['c']);
      await settle();
      subscription.close();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('tells of bytes that cannot be read any more', async () => {
    const log = new FakeLog('a', 100);
    log.read = async () => Buffer.alloc(0);
    const { subscription, sent, first } = setUp(false, log);
    await subscription.watch(first, 0);
    log.change({ ended: true });
    subscription.begin();
    await settle();
    expect(sent).toEqual(['a capped 0-100', 'ended a']);
    expect(subscription.finished).toBe(true);
  });
});
