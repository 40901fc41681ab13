import type { Request } from 'express';
import type { Me, Role } from '@aikore/contract';

/** Who is behind a request or socket, once the gate has let it in. */
export interface Identity {
  readonly userId: number | null;
  readonly username: string;
  readonly role: Role;
  readonly via: Me['via'];
  /** The session or token it came with, by its hash or id: sockets are closed when that ends. */
  readonly credential: string;
}

/** An express request after the gate's middleware. */
export type GatedRequest = Request & { identity?: Identity | null; requestId?: string };
