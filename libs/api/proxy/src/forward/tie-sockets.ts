import type { Duplex } from 'node:stream';
import type { Socket } from 'node:net';

/** Milliseconds that one direction may stay open after the other one ended. */
const halfOpenLimit = 5_000;

/**
 * Join two sockets into one: bytes flow both ways with back-pressure, and whatever happens to one happens to the other.
 * Without that, a reset on one side leaves its partner open for ever (docs/adr: the proxy).
 *
 * @param idleLimit milliseconds without a byte in either direction
 */
export function tieSockets(one: Socket, other: Socket, idleLimit: number): void {
  connect(one, other, idleLimit);
  connect(other, one, idleLimit);
  one.pipe(other);
  other.pipe(one);
}

function connect(socket: Socket, partner: Duplex & Pick<Socket, 'setTimeout'>, idleLimit: number): void {
  const destroyBoth = () => {
    socket.destroy();
    partner.destroy();
  };
  socket.setNoDelay(true);
  socket.setTimeout(idleLimit);
  socket.removeAllListeners('timeout');
  socket.on('timeout', destroyBoth).on('error', destroyBoth).on('close', destroyBoth);
  socket.on('end', () => {
    socket.setTimeout(halfOpenLimit);
    partner.setTimeout(halfOpenLimit);
  });
  if (socket.destroyed) destroyBoth();
}
