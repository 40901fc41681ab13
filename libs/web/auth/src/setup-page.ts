import { Location } from '@angular/common';
import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { FormsModule } from '@angular/forms';
import { MatButtonModule } from '@angular/material/button';
import { MatIconModule } from '@angular/material/icon';
import { Router } from '@angular/router';
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
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SetupPage {
  private readonly session = inject(SessionStore);
  private readonly router = inject(Router);
  private readonly token = signal<string | null>(null);
  /** `used`: somebody set a password already. `stale`: the token is not (or no longer) the right one. */
  protected readonly dead = signal<'used' | 'stale' | null>(null);
  protected readonly username = signal('admin');
  protected readonly password = signal('');
  protected readonly again = signal('');
  protected readonly busy = signal(false);
  protected readonly problem = signal('');

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
    const location = inject(Location);
    this.token.set(tokenOfFragment(window.location.hash));
    // The token must not stay in the address bar or the history.
    if (window.location.hash) location.replaceState('/setup');
    void this.lookAround();
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
