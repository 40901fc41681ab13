import type { SocketRequest } from '@aikore/contract';

export const SOCKET_REQUEST = 'aikore:socket-request';

/** The socket request that a gateway method was declared for. */
export const socketRequestOf = (handler: object): SocketRequest | undefined =>
  Reflect.getMetadata(SOCKET_REQUEST, handler) as SocketRequest | undefined;
