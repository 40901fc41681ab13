import type { IncomingMessage } from 'node:http';
import { AppError, type GateTarget, isLoopback, remoteAddress } from '@aikore/api/kernel';
import { isBelow, isSafe, isUpgrade, pathOf } from './request-target';

/**
 * What passes before there is an admin: the health route and the set-up; for other machines no page but the set-up's
 * and its static files. That nothing is trusted for its address is kept: the set-up asks for its token everywhere.
 *
 * @returns why the request is refused, or null
 */
export function beforeSetup(request: IncomingMessage, target: GateTarget): AppError | null {
  return target.kind === 'console' && !isUpgrade(request) && passes(request) ? null : refusal();
}

function passes(request: IncomingMessage): boolean {
  const path = pathOf(request);
  if (path === '/api/health') return isSafe(request);
  if (path === '/api/setup') return request.method === 'POST';
  if (!isSafe(request) || ['/api', '/instance', '/socket.io'].some((prefix) => isBelow(path, prefix))) return false;
  return isLoopback(remoteAddress(request)) || path === '/setup' || isFile(path);
}

const isFile = (path: string): boolean => /\/[^/]+\.[a-z0-9]+$/.test(path);

const refusal = (): AppError =>
  new AppError(
    'setup_required',
    'AiKore is not set up yet. Open the set-up link that the server printed at its start.',
  );
