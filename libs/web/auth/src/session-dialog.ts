import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  effect,
  inject,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { FormsModule } from '@angular/forms';
import { MatButtonModule } from '@angular/material/button';
import { MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { MatIconModule } from '@angular/material/icon';
import { SessionStore, errorMessage } from '@aikore/web/data';

/** Asks for the password again, above a page whose session has ended. It goes by itself once there is one again. */
@Component({
  selector: 'ak-session-dialog',
  imports: [FormsModule, MatButtonModule, MatDialogModule, MatIconModule],
  template: `
    <h2 mat-dialog-title>Your session has ended</h2>
    <form data-testid="session-form" (ngSubmit)="submit()">
      <mat-dialog-content>
        <p>Log in again to go on. Nothing you typed is lost, and what was under way is done then.</p>
        <label>
          User name
          <input name="username" autocomplete="username" readonly [value]="username" />
        </label>
        <label>
          Password
          <input
            #field
            cdkFocusInitial
            name="password"
            type="password"
            data-testid="session-password"
            autocomplete="current-password"
            required
            [(ngModel)]="password"
          />
        </label>
        @if (problem()) {
          <p class="error" role="alert" data-testid="session-error"><mat-icon svgIcon="warning" />{{ problem() }}</p>
        }
      </mat-dialog-content>
      <mat-dialog-actions align="end">
        <button matButton type="button" data-testid="session-other" (click)="session.abandon()">
          Log in as somebody else
        </button>
        <button matButton="filled" type="submit" data-testid="session-submit" [disabled]="busy() || !password()">
          {{ busy() ? 'Logging in …' : 'Log in' }}
        </button>
      </mat-dialog-actions>
    </form>
  `,
  styleUrl: './auth-form.scss',
  styles: `
    form {
      gap: 0;
    }
    mat-dialog-content {
      display: flex;
      flex-direction: column;
      gap: 12px;
      // The title above has its own room; Material knows that only without the form in between.
      padding-top: 0;
    }
    p {
      margin: 0;
    }
    label {
      color: var(--mat-sys-on-surface);
    }
    input[readonly] {
      border-color: var(--ak-line);
      background: none;
      color: var(--ak-dim);
    }
    button[type='submit'] {
      height: 30px;
      margin: 0;
    }
  `,
  // Somebody may have logged in again in another tab.
  host: { 'data-testid': 'session-dialog', '(window:focus)': 'lookAround()' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SessionDialog {
  protected readonly session = inject(SessionStore);
  private readonly dialog = inject<MatDialogRef<SessionDialog>>(MatDialogRef);
  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');
  protected readonly username = untracked(this.session.me)?.username ?? '';
  protected readonly password = signal('');
  protected readonly busy = signal(false);
  protected readonly problem = signal('');

  constructor() {
    effect(() => {
      if (this.session.state() !== 'expired') this.dialog.close();
    });
  }

  protected async submit(): Promise<void> {
    this.busy.set(true);
    this.problem.set('');
    try {
      await this.session.login(this.username, this.password());
    } catch (error) {
      this.password.set('');
      this.problem.set(errorMessage(error));
      this.field().nativeElement.focus();
    } finally {
      this.busy.set(false);
    }
  }

  protected lookAround(): void {
    void this.session.refresh().catch(() => undefined);
  }
}
