import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { roleAllows } from '@aikore/contract';
import { AppError } from '../errors/app-error';
import { endpointOf } from './endpoint';
import type { GatedRequest } from './identity';

/** Default deny: a handler without a declared route is closed to everybody. */
@Injectable()
export class AccessGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true; // socket requests are judged by the AckInterceptor
    const route = endpointOf(context.getHandler());
    if (!route) throw new AppError('forbidden', 'This address is not open to anybody.');
    const identity = context.switchToHttp().getRequest<GatedRequest>().identity ?? null;
    if (roleAllows(identity?.role ?? null, route.access)) return true;
    throw identity
      ? new AppError('forbidden', `This needs the role ${route.access}; you are ${identity.role}.`)
      : new AppError('unauthenticated', 'Log in first, or send an API token.');
  }
}
