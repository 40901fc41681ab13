import { applyDecorators, SetMetadata, UseInterceptors } from '@nestjs/common';
import { SubscribeMessage } from '@nestjs/websockets';
import type { SocketMessage, SocketRequest } from '@aikore/contract';
import type { Socket } from 'socket.io';
import type { z } from 'zod';
import type { Identity } from '../http/identity';
import { AckInterceptor } from './ack.interceptor';
import { SOCKET_REQUEST } from './socket-request';

/** A socket after the adapter let it in. */
export type GatedSocket = Socket & { data: { identity: Identity } };

/** Make a gateway method the handler of a socket request: role, validation, and an `Ack` whatever happens. */
export const OnRequest = (request: SocketRequest): MethodDecorator =>
  applyDecorators(
    SubscribeMessage(request.name),
    SetMetadata(SOCKET_REQUEST, request),
    UseInterceptors(AckInterceptor),
  );

/** Send a message of the contract, typed. `to` is a socket, a room or a namespace. */
export function send<D extends z.ZodType>(
  to: { emit(name: string, data: unknown): unknown },
  message: SocketMessage<D>,
  data: z.output<D>,
): void {
  to.emit(message.name, data);
}
