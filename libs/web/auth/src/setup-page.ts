import { Location } from '@angular/common';
import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { FormsModule } from '@angular/forms';
import { MatButtonModule } from '@angular/material/button';
import { MatIconModule } from '@angular/material/icon';
import { NavigationEnd, Router } from '@angular/router';
import { password as passwordRule, username as usernameRule } from '@aikore/contract';
import { ApiError, SessionStore, errorMessage } from '@aikore/web/data';
import { AuthCard } from './auth-card';
import { tokenOfFragment } from './setup-token';

/** Creates the first admin with the one-time token of the printed address. */
@Component({
  selector: 'ak-setup-page',
  imports: [AuthCard, FormsModule, MatButtonModule, MatIconModule],
  templateUrl: './setup-page.html',
  styleUrl: './auth-form.scss',
  host: { '(window:hashchange)': 'takeToken()' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SetupPage {
  private readonly session = inject(SessionStore);
  private readonly router = inject(Router);
  private readonly location = inject(Location);
  private readonly token = signal<string | null>(null);
  /** `used`: somebody set a password already. `stale`: the token is not (or no longer) the right one. */
  protected readonly dead = signal<'used' | 'stale' | null>(null);
  protected readonly username = signal('admin');
  protected readonly password = signal('');
  protected readonly again = signal('');
  protected readonly busy = signal(false);
  protected readonly problem = signal('');

  /** What a printed setup link begins with, as far as this browser can tell. */
  protected readonly origin = window.location.origin;
  protected readonly hasToken = computed(() => this.token() !== null);
  protected readonly usernameProblem = computed(
    () => usernameRule.safeParse(this.username()).error?.issues[0]?.message ?? '',
  );
  protected readonly rules = computed(() => [
    {
      text: 'At least 10 characters; a few words are easy to keep',
      met: passwordRule.safeParse(this.password()).success,
    },
    { text: 'The same twice', met: this.password() !== '' && this.password() === this.again() },
  ]);
  protected readonly ready = computed(() => !this.usernameProblem() && this.rules().every(({ met }) => met));

  constructor() {
    this.takeToken();
    // The router answers a changed fragment with a navigation, which puts it back into the address bar.
    this.router.events.pipe(takeUntilDestroyed()).subscribe((event) => {
      if (event instanceof NavigationEnd) this.takeToken();
    });
    void this.lookAround();
  }

  /** Takes the token of the address: at the start, and when a link is pasted into a tab that shows this page already. */
  protected takeToken(): void {
    const { hash } = window.location;
    if (!hash) return;
    const token = tokenOfFragment(hash);
    if (token) {
      this.token.set(token);
      if (this.dead() === 'stale') this.dead.set(null);
    }
    // The token must not stay in the address bar or the history.
    this.location.replaceState('/setup');
  }

  protected async submit(): Promise<void> {
    const token = this.token();
    if (!token || !this.ready()) return;
    this.busy.set(true);
    this.problem.set('');
    try {
      await this.session.setup(token, this.username().trim(), this.password());
      await this.router.navigateByUrl('/', { replaceUrl: true });
    } catch (error) {
      if (error instanceof ApiError && error.code === 'setup_done') this.dead.set('used');
      else if (error instanceof ApiError && error.code === 'setup_token_invalid') this.dead.set('stale');
      else this.problem.set(errorMessage(error));
    } finally {
      this.busy.set(false);
    }
  }

  protected toLogin(): void {
    void this.router.navigateByUrl('/login');
  }

  /** A link that was used before leads to the login at once. */
  private async lookAround(): Promise<void> {
    try {
      const state = await this.session.refresh();
      if (state === 'in') await this.router.navigateByUrl('/', { replaceUrl: true });
      if (state === 'out') this.dead.set('used');
    } catch (error) {
      this.problem.set(errorMessage(error));
    }
  }
}
