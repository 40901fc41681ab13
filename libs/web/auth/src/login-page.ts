import { ChangeDetectionStrategy, Component, inject, input, signal } from '@angular/core';
import { FormsModule } from '@angular/forms';
import { MatButtonModule } from '@angular/material/button';
import { MatIconModule } from '@angular/material/icon';
import { Router } from '@angular/router';
import { SessionStore, errorMessage } from '@aikore/web/data';
import { AuthCard } from './auth-card';
import { pageAfterLogin } from './guards';

/** Asks for name and password, then goes back to where one was. */
@Component({
  selector: 'ak-login-page',
  imports: [AuthCard, FormsModule, MatButtonModule, MatIconModule],
  template: `
    <ak-auth-card title="Welcome back" lead="Log in to manage your instances.">
      <form data-testid="login-form" (ngSubmit)="submit()">
        <label>
          User name
          <input
            name="username"
            data-testid="username"
            autocomplete="username"
            autocapitalize="none"
            spellcheck="false"
            required
            [(ngModel)]="username"
          />
        </label>
        <label>
          Password
          <input
            name="password"
            type="password"
            data-testid="password"
            autocomplete="current-password"
            required
            [(ngModel)]="password"
          />
        </label>
        @if (problem()) {
          <p class="error" role="alert" data-testid="form-error"><mat-icon svgIcon="warning" />{{ problem() }}</p>
        }
        <button matButton="filled" type="submit" data-testid="submit" [disabled]="busy() || !username() || !password()">
          {{ busy() ? 'Logging in …' : 'Log in' }}
        </button>
      </form>
    </ak-auth-card>
  `,
  styleUrl: './auth-form.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class LoginPage {
  /** Where one was (query parameter). */
  readonly back = input<string>();

  private readonly session = inject(SessionStore);
  private readonly router = inject(Router);
  protected readonly username = signal('');
  protected readonly password = signal('');
  protected readonly busy = signal(false);
  protected readonly problem = signal('');

  constructor() {
    void this.lookAround();
  }

  protected async submit(): Promise<void> {
    this.busy.set(true);
    this.problem.set('');
    try {
      await this.session.login(this.username().trim(), this.password());
      await this.router.navigateByUrl(pageAfterLogin(this.back()));
    } catch (error) {
      this.password.set('');
      this.problem.set(errorMessage(error));
    } finally {
      this.busy.set(false);
    }
  }

  /** Somebody may be logged in already (another tab), or there may be no admin to log in as. */
  private async lookAround(): Promise<void> {
    try {
      const state = await this.session.refresh();
      if (state === 'in') await this.router.navigateByUrl(pageAfterLogin(this.back()), { replaceUrl: true });
      if (state === 'setup') await this.router.navigateByUrl('/setup', { replaceUrl: true });
    } catch (error) {
      this.problem.set(errorMessage(error));
    }
  }
}
