import { inject } from '@angular/core';
import { Router, type CanActivateFn } from '@angular/router';
import { ApiError, SessionStore, errorMessage } from '@aikore/web/data';

/** Lets people with a session in; sends others to the login or the setup page, and remembers where they wanted to go. */
export const requireSession: CanActivateFn = async (_route, state) => {
  const session = inject(SessionStore);
  const router = inject(Router);
  if (session.state() === 'in') return true;
  const now = await session.refresh().catch((error: unknown) => {
    // The server is away: the login page says so, and tries again.
    return error instanceof ApiError && error.unreachable ? 'out' : Promise.reject(new Error(errorMessage(error)));
  });
  if (now === 'in') return true;
  if (now === 'setup') return router.parseUrl('/setup');
  return router.createUrlTree(['/login'], { queryParams: state.url === '/' ? {} : { back: state.url } });
};

/** Where to go after a login: only to a page of ours. */
export function pageAfterLogin(back: string | null | undefined): string {
  return back && /^\/(?![/\\])/.test(back) && !/^\/(login|setup)\b/.test(back) ? back : '/';
}
