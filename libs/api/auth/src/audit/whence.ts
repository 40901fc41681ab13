import type { IncomingMessage } from 'node:http';
import { type GatedRequest, remoteAddress } from '@aikore/api/kernel';

/** Where a request came from, for the audit. Apps' origins have no request ids: what they answer is the app's. */
export const whence = (request: IncomingMessage): { address: string; request_id: string | null } => ({
  address: remoteAddress(request),
  request_id: (request as GatedRequest).requestId ?? null,
});
