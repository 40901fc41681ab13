import { Injectable, computed, inject, signal } from '@angular/core';
import { Router } from '@angular/router';
import { roleAllows, routes, type Me, type Role } from '@aikore/contract';
import { ApiClient } from './api-client';
import { ApiError } from './api-error';
import { Connection } from './connection';

/** `unknown` until the server was asked. */
export type SessionState = 'unknown' | 'in' | 'out' | 'setup';
const pagesForNobody = ['/login', '/setup'];
/** Refused sockets ask the server at most this often whether the session still holds. */
const verifyEveryMs = 2_000;

/** Who is logged in. A 401 from anywhere leads to the login (or setup) page, and back to where one was. */
@Injectable({ providedIn: 'root' })
export class SessionStore {
  private readonly api = inject(ApiClient);
  private readonly router = inject(Router);
  private readonly connection = inject(Connection);
  private readonly current = signal<Me | null>(null);
  private readonly phase = signal<SessionState>('unknown');
  private lastVerified = 0;

  readonly me = this.current.asReadonly();
  readonly state = this.phase.asReadonly();
  readonly isAdmin = computed(() => this.may('admin'));

  constructor() {
    this.api.unauthenticated.subscribe((error) => this.lose(error.code === 'setup_required' ? 'setup' : 'out'));
    this.connection.refusals.subscribe(() => void this.verifySoon());
  }

  /** True when the person's role allows what asks for `needed`. */
  may(needed: Role): boolean {
    return roleAllows(this.current()?.role ?? null, needed);
  }

  /** Asks the server who this is. Stays as it was when the server cannot be reached. @returns the state afterwards. */
  async refresh(): Promise<SessionState> {
    try {
      this.enter(await this.api.call(routes.me));
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
    }
    return this.phase();
  }

  /** @throws ApiError such as `bad_credentials`, `rate_limited`. */
  async login(username: string, password: string): Promise<void> {
    this.enter(await this.api.call(routes.login, { body: { username, password } }));
  }

  /** Creates the first admin, who is logged in then. @throws ApiError such as `setup_token_invalid`, `setup_done`. */
  async setup(token: string, username: string, password: string): Promise<void> {
    this.enter(await this.api.call(routes.setup, { body: { token, username, password } }));
  }

  /** Ends the session; its sockets close too. */
  async logout(): Promise<void> {
    await this.api.call(routes.logout);
    this.leave('out');
    await this.router.navigateByUrl('/login');
  }

  private enter(me: Me): void {
    this.current.set(me);
    this.phase.set('in');
    this.connection.start();
  }

  private leave(to: SessionState): void {
    this.current.set(null);
    this.phase.set(to);
    this.connection.stop();
  }

  private lose(to: 'out' | 'setup'): void {
    this.leave(to);
    const here = this.router.url;
    // During the first navigation the guard redirects; here only what happens later.
    if (!this.router.navigated || pagesForNobody.some((page) => here.startsWith(page))) return;
    const target = to === 'setup' ? '/setup' : '/login';
    void this.router.navigate([target], { queryParams: here === '/' ? {} : { back: here } });
  }

  private async verifySoon(): Promise<void> {
    if (this.phase() !== 'in' || Date.now() - this.lastVerified < verifyEveryMs) return;
    this.lastVerified = Date.now();
    try {
      await this.refresh();
      if (this.phase() === 'in') this.connection.start();
    } catch {
      // The server is away: the sockets keep trying.
    }
  }
}
