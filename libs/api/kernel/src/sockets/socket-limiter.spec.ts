import { socketLimits } from '@aikore/contract';
import { describe, expect, it } from 'vitest';
import { ConnectionLimits, SocketLimiter } from './socket-limiter';

const { connections, packets, refusals, requests, requestsPerCredential } = socketLimits;

function enter(limiter: SocketLimiter, credential: string, now = 0): ConnectionLimits {
  const limits = limiter.enter(credential, now);
  if (!(limits instanceof ConnectionLimits)) throw new Error(`too many of ${limits}`);
  return limits;
}

function askUntil(end: string, limits: ConnectionLimits, now = 0): number {
  for (let asked = 0; ; asked += 1) if (limits.request(now) === end) return asked;
}

describe('the requests of a connection', () => {
  it('are answered up to the burst, refused from then on, and end it when they go on', () => {
    const limits = enter(new SocketLimiter(), 'a');
    expect(askUntil('refuse', limits)).toBe(requests.burst);
    expect(askUntil('close', limits)).toBe(refusals.burst - 1);
  });

  it('go on at the rate, whatever was refused before', () => {
    const limits = enter(new SocketLimiter(), 'a');
    askUntil('refuse', limits);
    expect(askUntil('refuse', limits, 1000)).toBe(requests.perSecond);
    for (let now = 1000; now < 61_000; now += 1000 / requests.perSecond) {
      expect(limits.request(now + 1000 / requests.perSecond)).toBe('go');
    }
  });

  it('are counted for the session as well, over all its connections and those that it had', () => {
    const limiter = new SocketLimiter();
    let answered = 0;
    for (let count = 0; count < 10; count += 1) {
      answered += askUntil('refuse', enter(limiter, 'a'));
      limiter.leave('a', 0);
    }
    expect(answered).toBe(requestsPerCredential.burst);
    expect(askUntil('refuse', enter(limiter, 'another'))).toBe(requests.burst);
  });

  it('count the joining of a namespace, which happens once, whatever the session asks for elsewhere', () => {
    const limiter = new SocketLimiter();
    for (let count = 0; count < 5; count += 1) askUntil('refuse', enter(limiter, 'a'));
    const limits = enter(limiter, 'a');
    expect(limits.request(0)).toBe('refuse');
    expect([limits.join('/logs', 0), limits.join('/logs', 0), limits.join('/instances', 0)]).toEqual([
      ...['go', 'refuse', 'go'],
    ]);
    limits.leave('/logs');
    expect(limits.join('/logs', 0)).toBe('go');
    for (let count = 0; count < requests.burst; count += 1) limits.leave(String(limits.join('/logs', 0)));
    expect(limits.join('/new', 0)).toBe('refuse');
  });

  it('end it when there are more packets than any client sends', () => {
    const limits = enter(new SocketLimiter(), 'a');
    for (let count = 0; count < packets.burst; count += 1) expect(limits.packet(0)).toBe('go');
    expect(limits.packet(0)).toBe('close');
    expect(limits.packet(1000)).toBe('go');
  });
});

describe('the connections', () => {
  it('of a session are bounded, and leave room for other sessions', () => {
    const limiter = new SocketLimiter();
    for (let count = 0; count < connections.perCredential; count += 1) enter(limiter, 'a');
    expect(limiter.enter('a', 0)).toBe('credential');
    enter(limiter, 'b');
    limiter.leave('a', 0);
    enter(limiter, 'a');
    expect(limiter.enter('a', 0)).toBe('credential');
  });

  it('are bounded in all', () => {
    const limiter = new SocketLimiter();
    for (let count = 0; count < connections.total; count += 1) enter(limiter, `${count % 100}`);
    expect(limiter.enter('new', 0)).toBe('total');
    limiter.leave('7', 0);
    enter(limiter, 'new');
    expect(limiter.load.connections).toBe(connections.total);
  });

  it('leave nothing behind once the requests are forgotten', () => {
    const limiter = new SocketLimiter();
    enter(limiter, 'quiet');
    const busy = enter(limiter, 'busy');
    busy.request(0);
    limiter.leave('quiet', 0);
    limiter.leave('busy', 0);
    limiter.leave('unknown', 0);
    expect(limiter.load).toEqual({ connections: 0, credentials: 1 });
    for (let count = 0; count < 5000; count += 1) {
      enter(limiter, `c${count}`).request(0);
      limiter.leave(`c${count}`, 0);
    }
    expect(limiter.load.credentials).toBeLessThanOrEqual(1000);
  });
});
