import { Injectable, computed, inject, signal } from '@angular/core';
import { Router } from '@angular/router';
import { roleAllows, routes, type Me, type Role } from '@aikore/contract';
import { ApiClient } from './api-client';
import { ApiError } from './api-error';
import { Connection } from './connection';

/** `unknown` until the server was asked. `expired`: it ended under somebody who is still on the page. */
export type SessionState = 'unknown' | 'in' | 'expired' | 'out' | 'setup';
const pagesForNobody = ['/login', '/setup'];
/** Refused sockets ask the server at most this often whether the session still holds. */
const verifyEveryMs = 2_000;

/**
 * Who is logged in. A session that ends under somebody leaves the page as it is, with what was typed: a dialog asks for
 * the password, and every request that was refused meanwhile is repeated. Before that, a 401 leads to the login page.
 */
@Injectable({ providedIn: 'root' })
export class SessionStore {
  private readonly api = inject(ApiClient);
  private readonly router = inject(Router);
  private readonly connection = inject(Connection);
  private readonly current = signal<Me | null>(null);
  private readonly phase = signal<SessionState>('unknown');
  private readonly waiting: ((loggedIn: boolean) => void)[] = [];
  private lastVerified = 0;
  private leaving = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** Still known while the session is `expired`. */
  readonly me = this.current.asReadonly();
  readonly state = this.phase.asReadonly();
  readonly isAdmin = computed(() => this.may('admin'));

  constructor() {
    this.api.onUnauthenticated = (error) => this.lose(error.code === 'setup_required' ? 'setup' : 'out');
    this.connection.refusals.subscribe(() => this.verifySoon());
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

  /** Ends the session; its sockets close too. @throws ApiError when the server cannot be reached. */
  async logout(): Promise<void> {
    this.leaving = true;
    try {
      await this.api.call(routes.logout);
    } catch (error) {
      // 401: it was over already, which is what was asked for.
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
    } finally {
      this.leaving = false;
    }
    await this.abandon();
  }

  /** On to the login page. What was typed on this one is lost. */
  async abandon(): Promise<void> {
    this.leave('out');
    await this.router.navigateByUrl('/login');
  }

  private enter(me: Me): void {
    this.current.set(me);
    this.phase.set('in');
    this.connection.start();
    this.release(true);
  }

  private leave(to: 'out' | 'setup'): void {
    this.current.set(null);
    this.phase.set(to);
    this.connection.stop();
    this.release(false);
  }

  private release(loggedIn: boolean): void {
    for (const done of this.waiting.splice(0)) done(loggedIn);
  }

  /** @returns true once somebody is logged in again; false when nobody will be, on this page */
  private lose(to: 'out' | 'setup'): Promise<boolean> {
    if (this.leaving) return Promise.resolve(false);
    if (to === 'out' && (this.phase() === 'in' || this.phase() === 'expired')) {
      this.phase.set('expired');
      this.connection.stop();
      return new Promise((done) => this.waiting.push(done));
    }
    this.leave(to);
    this.leavePage(to);
    return Promise.resolve(false);
  }

  /** During the first navigation the guard redirects; here only what happens later. */
  private leavePage(to: 'out' | 'setup'): void {
    const here = this.router.url;
    if (!this.router.navigated || pagesForNobody.some((page) => here.startsWith(page))) return;
    const target = to === 'setup' ? '/setup' : '/login';
    void this.router.navigate([target], { queryParams: here === '/' ? {} : { back: here } });
  }

  /** Sooner or later, but always: socket.io does not come back by itself after a refusal. */
  private verifySoon(): void {
    if (this.phase() !== 'in') return;
    const rest = this.lastVerified + verifyEveryMs - Date.now();
    this.timer ??= setTimeout(() => void this.verify(), Math.max(0, rest));
  }

  private async verify(): Promise<void> {
    this.timer = undefined;
    if (this.phase() !== 'in') return;
    this.lastVerified = Date.now();
    try {
      await this.refresh();
      if (this.phase() === 'in') this.connection.start();
    } catch {
      // The server is away: the sockets keep trying.
    }
  }
}
