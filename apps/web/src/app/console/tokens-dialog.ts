import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { FormsModule } from '@angular/forms';
import { MatButtonModule } from '@angular/material/button';
import { MatDialogModule } from '@angular/material/dialog';
import { MatIconModule } from '@angular/material/icon';
import { routes, type ApiToken, type RouteResult } from '@aikore/contract';
import { ApiClient, Toasts, errorMessage } from '@aikore/web/data';
import { Ask, copyText, formatMoment } from '@aikore/web/ui';

const lifetimes = [
  { days: 30, label: '30 days' },
  { days: 90, label: '90 days' },
  { days: 365, label: 'a year' },
  { days: 0, label: 'no end' },
] as const;

/** API tokens: list, make (shown once), revoke. */
@Component({
  selector: 'ak-tokens-dialog',
  imports: [FormsModule, MatButtonModule, MatDialogModule, MatIconModule],
  templateUrl: './tokens-dialog.html',
  styleUrl: './tokens-dialog.scss',
  host: { 'data-testid': 'tokens-dialog' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TokensDialog {
  private readonly api = inject(ApiClient);
  private readonly toasts = inject(Toasts);
  private readonly ask = inject(Ask);

  protected readonly lifetimes = lifetimes;
  protected readonly tokens = signal<readonly ApiToken[]>([]);
  protected readonly name = signal('');
  protected readonly days = signal<number>(90);
  protected readonly busy = signal(false);
  protected readonly problem = signal('');
  protected readonly made = signal<RouteResult<typeof routes.createToken> | null>(null);

  constructor() {
    void this.load();
  }

  protected time(iso: string | null, otherwise: string): string {
    return iso ? formatMoment(iso, new Date()) : otherwise;
  }

  protected async create(): Promise<void> {
    this.busy.set(true);
    this.problem.set('');
    try {
      const expires = this.days() > 0 ? { expires_in_days: this.days() } : {};
      this.made.set(await this.api.call(routes.createToken, { body: { name: this.name().trim(), ...expires } }));
      this.name.set('');
      await this.load();
    } catch (error) {
      this.problem.set(errorMessage(error));
    } finally {
      this.busy.set(false);
    }
  }

  protected async copy(token: string): Promise<void> {
    if (await copyText(token)) this.toasts.success('Token copied');
    else this.toasts.warning('The browser does not allow copying', 'Select the token and press Ctrl+C.');
  }

  protected async revoke(token: ApiToken): Promise<void> {
    const sure = await this.ask.confirm({
      title: `Revoke “${token.name}”?`,
      message: 'Whatever uses this token is refused from now on.',
      confirm: 'Revoke',
      dangerous: true,
    });
    if (!sure) return;
    try {
      await this.api.call(routes.deleteToken, { params: { id: token.id } });
      if (this.made()?.id === token.id) this.made.set(null);
      await this.load();
    } catch (error) {
      this.problem.set(errorMessage(error));
    }
  }

  private async load(): Promise<void> {
    try {
      this.tokens.set(await this.api.call(routes.listTokens));
    } catch (error) {
      this.problem.set(errorMessage(error));
    }
  }
}
