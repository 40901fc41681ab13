// The packages' own injectables are compiled when they are loaded.
import '@angular/compiler';
import { ApiError } from '@aikore/web/data';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decode, encode, FakeTerminals, settle } from '../testing/fake-terminals';
import { sessionOf } from '../testing/session-of';
import { TerminalLink, type LinkListener, type LinkScreen } from './terminal-link';
import type { TerminalSize } from './terminal-size';

/** A screen that takes its bytes in when the test says so. */
class SlowScreen implements LinkScreen {
  readonly shown: string[] = [];
  private readonly pending: (() => void)[] = [];

  reset = ({ cols, rows }: TerminalSize) => void this.shown.push(`reset ${cols}x${rows}`);
  resize = ({ cols, rows }: TerminalSize) => void this.shown.push(`${cols}x${rows}`);
  write = (data: Uint8Array, done: () => void) => {
    this.shown.push(decode(data));
    this.pending.push(done);
  };
  takeIn(): void {
    for (const done of this.pending.splice(0)) done();
  }
}

const size = { cols: 100, rows: 30 };

describe('TerminalLink', () => {
  let server: FakeTerminals;
  let screen: SlowScreen;
  let told: string[];
  let link: TerminalLink;

  const listener: LinkListener = {
    state: (state) => told.push(state),
    ended: ({ message }) => told.push(`ended: ${message}`),
    failed: (error) => told.push(`failed: ${String(error)}`),
    lagged: () => told.push('lagged'),
    output: () => undefined,
    resized: ({ cols, rows }) => told.push(`theirs ${cols}x${rows}`),
    waiting: () => undefined,
    inputFailed: (error) => told.push(`input: ${String(error)}`),
  };

  beforeEach(async () => {
    vi.useFakeTimers();
    server = new FakeTerminals();
    server.sessions = [sessionOf('s1')];
    screen = new SlowScreen();
    told = [];
    link = new TerminalLink(server.channel, 's1', screen, listener);
    link.attach(size);
    await settle();
  });
  afterEach(() => {
    link.dispose();
    expect([server.listeners, vi.getTimerCount()]).toEqual([0, 0]);
    vi.useRealTimers();
  });

  it('attaches with its size, shows what comes, and acknowledges what the screen has taken in', () => {
    expect(server.named('terminal:attach')).toMatchObject([{ session: 's1', ...size }]);
    server.screen('hello ', size);
    server.output('world');
    expect(screen.shown).toEqual(['reset 100x30', 'hello ', 'world']);
    vi.advanceTimersByTime(1000);
    expect(server.named('terminal:ack')).toEqual([]);
    screen.takeIn();
    vi.advanceTimersByTime(50);
    expect(server.named('terminal:ack').map(({ received }) => received)).toEqual([11]);
    expect(told).toEqual(['connecting', 'live']);
  });

  it('takes an ArrayBuffer, as socket.io gives it in browsers', () => {
    server.emit('terminal:screen', {
      subscription: server.subscription,
      ...size,
      data: encode('hi').buffer,
      reason: 'attached',
    });
    expect(screen.shown).toEqual(['reset 100x30', 'hi']);
  });

  it('sends input as bytes, and none before there is a screen', () => {
    expect(link.input(encode('x'))).toBe(false);
    server.screen('', size);
    expect(link.input(new Uint8Array([0xff, 0x00]))).toBe(true);
    expect(server.named('terminal:input').map(({ data }) => data)).toEqual([new Uint8Array([0xff, 0x00])]);
  });

  it('takes no input while the connection is lost, and attaches anew by itself, counting from nothing', async () => {
    server.screen('one', size);
    const first = server.subscription;
    server.lose();
    expect(link.input(encode('x'))).toBe(false);
    screen.takeIn(); // belongs to what is lost
    await server.reconnect();
    expect(server.subscription).not.toBe(first);
    server.screen('one two', size);
    screen.takeIn();
    vi.advanceTimersByTime(50);
    expect(server.named('terminal:ack')).toEqual([{ subscription: server.subscription, received: 7 }]);
    expect(told).toEqual(['connecting', 'live', 'lost', 'live']);
    expect(server.named('terminal:input')).toEqual([]);
  });

  it('hears nothing of other views', () => {
    server.screen('mine', size);
    server.emit('terminal:output', { subscription: 'other', data: encode('theirs') });
    expect(screen.shown).toEqual(['reset 100x30', 'mine']);
  });

  it('begins anew, and says so, when output was skipped', () => {
    server.screen('', size);
    server.screen('the latest', size, 'lagging');
    expect(told).toEqual(['connecting', 'live', 'lagged']);
    expect(screen.shown.slice(-2)).toEqual(['reset 100x30', 'the latest']);
  });

  it('tells its size only when it has changed, and follows another viewer’s', () => {
    server.screen('', size);
    link.resize(size);
    link.resize({ cols: 90, rows: 20 });
    expect(server.named('terminal:resize')).toMatchObject([{ cols: 90, rows: 20 }]);
    server.emit('terminal:resized', { subscription: server.subscription, cols: 40, rows: 10 });
    expect([screen.shown.at(-1), told.at(-1)]).toEqual(['40x10', 'theirs 40x10']);
    link.resize({ cols: 90, rows: 20 });
    expect(server.named('terminal:resize')).toHaveLength(2);
  });

  it('keeps a size that was asked for while the screen was on its way', async () => {
    server.lose();
    link.resize({ cols: 90, rows: 20 });
    await server.reconnect();
    link.resize({ cols: 95, rows: 21 });
    server.screen('', { cols: 90, rows: 20 });
    expect(screen.shown.slice(-1)).toEqual(['95x21']);
    expect(server.named('terminal:attach').at(-1)).toMatchObject({ cols: 90, rows: 20 });
    expect(server.named('terminal:resize')).toMatchObject([{ cols: 95, rows: 21 }]);
  });

  it('puts off the end of an idle terminal with an input of nothing', () => {
    server.screen('', size);
    link.keepAlive();
    expect(server.named('terminal:input')).toMatchObject([{ data: new Uint8Array() }]);
  });

  it('tells how it ended, and attaches no more', async () => {
    server.screen('', size);
    server.ended({ reason: 'exited', exit_code: 3, signal: null, message: 'The shell was ended with exit code 3.' });
    await server.reconnect();
    expect(told.slice(-2)).toEqual(['ended', 'ended: The shell was ended with exit code 3.']);
    expect(server.named('terminal:attach')).toHaveLength(1);
    expect(link.input(encode('x'))).toBe(false);
  });

  it('has ended when a server that was started anew does not know it', async () => {
    server.screen('', size);
    server.lose();
    server.sessions = [];
    await server.reconnect();
    expect(told.slice(-2)).toEqual(['ended', 'ended: This terminal is no more.']);
  });

  it('says why it was refused, and tries again when asked', async () => {
    server.lose();
    server.failures.set('terminal:attach', [new ApiError({ code: 'rate_limited', message: 'Too many.' })]);
    await server.reconnect();
    expect(told.slice(-2)).toEqual(['failed', 'failed: ApiError: Too many.']);
    link.retry(size);
    await settle();
    server.screen('', size);
    expect(told.slice(-2)).toEqual(['connecting', 'live']);
  });

  it('leaves the terminal going when it looks no more, and comes back', async () => {
    server.screen('', size);
    link.detach();
    expect(server.named('terminal:detach')).toHaveLength(1);
    server.output('unseen');
    expect(screen.shown).not.toContain('unseen');
    link.attach(size);
    await settle();
    expect(server.named('terminal:attach')).toHaveLength(2);
  });

  it('drops what waits of a paste, and says so when the server refuses input', async () => {
    server.screen('', size);
    server.holdInput = true;
    link.input(new Uint8Array(200_000));
    expect(server.named('terminal:input')).toHaveLength(1);
    link.dropInput();
    await server.answerInput();
    expect(server.named('terminal:input')).toHaveLength(1);
    server.failures.set('terminal:input', [new ApiError({ code: 'internal', message: 'Broken.' })]);
    link.input(encode('x'));
    await settle();
    expect(told.at(-1)).toBe('input: ApiError: Broken.');
  });
});
