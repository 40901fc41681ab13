import type * as z from 'zod';
import type { Role } from './roles';

/** A request that a client sends: it always resolves to `Ack<response>`. */
export interface SocketRequest<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly namespace: string;
  readonly name: string;
  readonly access: Role;
  readonly summary: string;
  readonly payload: I;
  readonly response: O;
  /** Part of a stream that the server paces itself, and so not counted among the requests of `socketLimits`. */
  readonly paced: boolean;
}

/** A message that the server sends. */
export interface SocketMessage<D extends z.ZodType = z.ZodType> {
  readonly namespace: string;
  readonly name: string;
  readonly summary: string;
  readonly data: D;
}

/** Declare a request. @param paced see `SocketRequest` */
export const request = <I extends z.ZodType, O extends z.ZodType>(
  namespace: string,
  name: string,
  access: Role,
  summary: string,
  payload: I,
  response: O,
  paced = false,
): SocketRequest<I, O> => ({ namespace, name, access, summary, payload, response, paced });

/** Declare a message. */
export const message = <D extends z.ZodType>(
  namespace: string,
  name: string,
  summary: string,
  data: D,
): SocketMessage<D> => ({ namespace, name, summary, data });
