import { sockets } from '@aikore/contract';
import type { Socket } from 'socket.io-client';
import { describe, expect, it } from 'vitest';
import { Channel } from './channel';

const { join } = sockets.instances.requests;

/** A socket whose answers are `answer`. */
function setUp(answer: () => Promise<unknown>) {
  const state = { connected: true, emitted: 0, patient: 0 };
  const emitWithAck = () => {
    state.emitted++;
    return answer();
  };
  const socket = {
    get connected() {
      return state.connected;
    },
    timeout: () => ({ emitWithAck }),
    emitWithAck: () => (state.patient++, emitWithAck()),
  };
  return { state, channel: new Channel(socket as unknown as Socket) };
}

describe('Channel.request', () => {
  it('answers with the data, or throws the error of the answer', async () => {
    const good = setUp(async () => ({ ok: true, data: { instances: [] } }));
    await expect(good.channel.request(join, {})).resolves.toEqual({ instances: [] });
    const bad = setUp(async () => ({ ok: false, error: { code: 'forbidden', message: 'No.' } }));
    await expect(bad.channel.request(join, {})).rejects.toMatchObject({ code: 'forbidden', unreachable: false });
  });

  it('sends nothing without a connection', async () => {
    const { state, channel } = setUp(() => new Promise(() => undefined));
    state.connected = false;
    await expect(channel.request(join, {})).rejects.toMatchObject({ code: 'unavailable', unreachable: true });
    expect(state.emitted).toBe(0);
  });

  it('waits without a limit when asked to', async () => {
    const { state, channel } = setUp(async () => ({ ok: true, data: { instances: [] } }));
    await channel.request(join, {}, null);
    await channel.request(join, {});
    expect([state.emitted, state.patient]).toEqual([2, 1]);
  });

  it('tells a lost connection from a server that does not answer', async () => {
    const lost = setUp(async () => {
      lost.state.connected = false;
      throw new Error('socket has been disconnected');
    });
    await expect(lost.channel.request(join, {})).rejects.toMatchObject({ code: 'unavailable' });
    const slow = setUp(() => Promise.reject(new Error('operation has timed out')));
    await expect(slow.channel.request(join, {})).rejects.toMatchObject({ code: 'timed_out', unreachable: false });
  });
});
