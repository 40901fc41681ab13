import { type TerminalEnding, terminalFlow, terminalLimits, type TerminalSession } from '@aikore/contract';
import { FakeClock, FakePty } from '@aikore/platform/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { LiveSession } from './live-session';
import type { SessionViewer, ViewerSink } from './session-viewer';

const kib = 1024;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A viewer that remembers what it was sent. */
class Watcher implements ViewerSink {
  readonly log: string[] = [];
  text = '';
  received = 0;
  congested = false;
  viewer!: SessionViewer;

  screen: ViewerSink['screen'] = ({ cols, rows, data, reason }) => {
    this.log.push(`${reason} ${cols}x${rows}`);
    this.text = '';
    this.output(data);
  };
  output = (data: Uint8Array): void => {
    this.text += Buffer.from(data).toString();
    this.received += data.length;
  };
  resized = (cols: number, rows: number): void => void this.log.push(`resized ${cols}x${rows}`);
  ended = (ending: TerminalEnding): void => void this.log.push(`ended: ${ending.message}`);
  isCongested = (): boolean => this.congested;
}

describe('LiveSession', () => {
  let pty: FakePty;
  let clock: FakeClock;
  let session: LiveSession;
  let changes: TerminalSession[];
  let ends: TerminalEnding[];

  beforeEach(() => {
    pty = new FakePty(1, { argv: ['bash'], cwd: '/', env: {}, cols: 80, rows: 24 });
    clock = new FakeClock();
    [changes, ends] = [[], []];
    const view = { id: 's', instance_id: 1, name: 'Terminal 1', opened_at: clock.now().toISOString() };
    session = new LiveSession('ada', { ...view, cols: 80, rows: 24, idle_end_at: null }, pty, clock, {
      changed: ({ view: now }) => changes.push(now),
      ended: (_, ending) => ends.push(ending),
    });
  });

  const watch = (size: { cols: number; rows: number } | null = null): Watcher => {
    const watcher = new Watcher();
    watcher.viewer = session.attach(watcher, size);
    session.show(watcher.viewer);
    return watcher;
  };
  const output = async (text: string): Promise<void> => {
    pty.output(text);
    await turn();
    await clock.advance(5);
  };
  const acknowledge = (watcher: Watcher): boolean => session.acknowledge(watcher.viewer, watcher.received);

  it('gives who comes later what was written before, and then what follows, once', async () => {
    await output('before ');
    pty.output('and just now ');
    const watcher = watch();
    await output('after');
    expect(watcher.log).toEqual(['attached 80x24']);
    expect(watcher.text).toBe('before and just now after');
  });

  it('sends nothing before the answer to the attach is out', async () => {
    const watcher = new Watcher();
    watcher.viewer = session.attach(watcher, null);
    await output('early');
    expect(watcher.received).toBe(0);
    session.show(watcher.viewer);
    expect(watcher.text).toBe('early');
  });

  it('hands on what comes after a pause at once, and gathers what follows', async () => {
    const sizes: number[] = [];
    const watcher = watch();
    watcher.output = (data) => void sizes.push(data.length);
    pty.output('k');
    await turn();
    expect(sizes).toEqual([1]);
    for (let count = 0; count < 5; count += 1) {
      pty.output('flood');
      await turn();
    }
    expect(sizes).toEqual([1]);
    await clock.advance(4);
    expect(sizes).toEqual([1, 25]);
    pty.output('x'.repeat(40 * kib));
    pty.output('x'.repeat(40 * kib));
    expect(sizes.slice(2)).toEqual([64 * kib, 16 * kib]);
  });

  it('keeps messages within their size', async () => {
    const sizes: number[] = [];
    const watcher = watch();
    watcher.output = (data) => void sizes.push(data.length);
    await output('x'.repeat(200 * kib));
    expect(Math.max(...sizes)).toBe(terminalFlow.chunk);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(200 * kib);
  });

  it('pauses at 512 KiB that nobody acknowledged, and resumes at 128', async () => {
    const watcher = watch();
    await output('x'.repeat(terminalFlow.pause));
    expect(pty.isPaused).toBe(false);
    await output('x');
    expect(pty.isPaused).toBe(true);
    session.acknowledge(watcher.viewer, watcher.received - terminalFlow.resume - 1);
    expect(pty.isPaused).toBe(true);
    session.acknowledge(watcher.viewer, watcher.received - terminalFlow.resume);
    expect(pty.isPaused).toBe(false);
  });

  it('goes on when the one it waited for looks no more', async () => {
    const watcher = watch();
    await output('x'.repeat(terminalFlow.pause + 1));
    session.detach(watcher.viewer);
    expect(pty.isPaused).toBe(false);
  });

  it('leaves a slow viewer behind, and shows it everything again when it has caught up', async () => {
    const [fast, slow] = [watch(), watch()];
    for (let count = 0; count < 40; count += 1) {
      await output(`${'x'.repeat(64 * kib - 2)}\r\n`);
      acknowledge(fast);
    }
    expect(pty.isPaused).toBe(false);
    expect(fast.received).toBe(40 * 64 * kib);
    expect(slow.received).toBeLessThanOrEqual(terminalFlow.lag + 64 * kib);
    await output('the end');
    expect(slow.text).not.toContain('the end');
    acknowledge(slow);
    expect(slow.log).toEqual(['attached 80x24', 'lagging 80x24']);
    expect(slow.text.endsWith('the end')).toBe(true);
  });

  it('waits for a slow viewer once it is the only one', async () => {
    const [fast, slow] = [watch(), watch()];
    for (let count = 0; count < 40; count += 1) {
      await output('x'.repeat(64 * kib));
      acknowledge(fast);
    }
    session.detach(fast.viewer);
    expect(pty.isPaused).toBe(true);
    acknowledge(slow);
    acknowledge(slow);
    expect(pty.isPaused).toBe(false);
    expect(slow.log).toEqual(['attached 80x24', 'lagging 80x24']);
  });

  it('does not believe acknowledgements of a connection that takes nothing', async () => {
    const watcher = watch();
    watcher.congested = true;
    await output('x');
    acknowledge(watcher);
    expect(pty.isPaused).toBe(true);
    watcher.congested = false;
    session.proceed();
    expect(pty.isPaused).toBe(false);
  });

  it('refuses acknowledgements of what was not sent', async () => {
    const watcher = watch();
    await output('four');
    expect(session.acknowledge(watcher.viewer, 5)).toBe(false);
    expect(session.acknowledge(watcher.viewer, 4)).toBe(true);
  });

  it('has the size that was named last, and says so to the others', () => {
    const first = watch();
    const second = watch({ cols: 100, rows: 30 });
    expect([first.log, second.log]).toEqual([['attached 80x24', 'resized 100x30'], ['attached 100x30']]);
    expect([pty.cols, pty.rows]).toEqual([100, 30]);
    session.resize(second.viewer, { cols: 100, rows: 30 });
    expect(changes).toHaveLength(1);
  });

  it('lets a program draw anew whose drawing is no longer whole', async () => {
    await output(`\x1b[?1049h${'\x1b[Hx'.repeat(terminalLimits.replayBytes / 8)}`);
    watch();
    expect([pty.cols, pty.rows]).toEqual([80, 23]);
    await clock.advance(100);
    expect([pty.cols, pty.rows]).toEqual([80, 24]);
  });

  it('believes one terminal only when several answer', async () => {
    const [first, second] = [watch(), watch()];
    const type = (watcher: Watcher, text: string) => session.input(watcher.viewer, Buffer.from(text));
    await type(first, '\x1b[1;1R');
    await type(second, '\x1b[2;2R');
    expect(pty.input).toBe('\x1b[2;2R');
    await type(first, 'ls');
    await type(second, '\x1b[2;2R');
    await type(first, '\x1b[1;1R');
    expect(pty.input).toBe('\x1b[2;2Rls\x1b[1;1R');
    session.detach(first.viewer);
    await type(second, '\x1b[3;3R');
    expect(pty.input.endsWith('\x1b[3;3R')).toBe(true);
  });

  it('answers input when the program has taken it', async () => {
    const watcher = watch();
    pty.isDeaf = true;
    let isTaken = false;
    const typing = session.input(watcher.viewer, Buffer.from('x')).then(() => (isTaken = true));
    await turn();
    expect(isTaken).toBe(false);
    pty.finish({ code: 0, signal: null });
    await typing;
  });

  it('sends the rest before the end, also to one that was left behind', async () => {
    const [fast, slow] = [watch(), watch()];
    for (let count = 0; count < 40; count += 1) {
      await output('x'.repeat(64 * kib));
      acknowledge(fast);
    }
    pty.output('last words');
    pty.finish({ code: 3, signal: null });
    await turn();
    for (const one of [fast, slow]) {
      expect(one.text.endsWith('last words')).toBe(true);
      expect(one.log.at(-1)).toBe('ended: The shell was ended with exit code 3.');
    }
    expect(ends).toEqual([expect.objectContaining({ reason: 'exited', exit_code: 3 })]);
    expect(session.viewerCount).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('says why it was ended', async () => {
    await session.end('instance_removed');
    await turn();
    expect(ends[0]).toMatchObject({ reason: 'instance_removed', message: expect.stringContaining('was deleted') });
  });

  it('ends when nobody uses it, after a warning that output calls off', async () => {
    await clock.advance(28 * 60_000);
    expect(changes.at(-1)?.idle_end_at).toBe('2026-01-01T00:30:00.000Z');
    await output('still here');
    expect(changes.at(-1)?.idle_end_at).toBeNull();
    await clock.advance(30 * 60_000);
    expect(ends[0]).toMatchObject({ reason: 'idle' });
  });
});
