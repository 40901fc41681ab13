import { io, type Socket } from 'socket.io-client';
import { sockets } from '@aikore/contract';

/** Connect to the `/instances` namespace, without reconnecting. */
export function connect(port: number, headers: Record<string, string>, host = 'localhost'): Socket {
  return io(`http://127.0.0.1:${port}${sockets.instances.namespace}`, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: { Host: `${host}:${port}`, ...headers },
  });
}

/** `connected`, or the reason why not. The socket is closed when it was refused. */
export function outcome(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    socket.once('connect', () => resolve('connected'));
    socket.once('connect_error', (error) => {
      socket.close();
      resolve(error.message);
    });
  });
}

/** Why an open socket was closed. */
export const closed = (socket: Socket): Promise<string> =>
  new Promise((resolve) => socket.once('disconnect', (reason) => resolve(reason)));
