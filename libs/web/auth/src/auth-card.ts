import { ChangeDetectionStrategy, Component, input } from '@angular/core';

/** The calm frame of the login and setup pages. */
@Component({
  selector: 'ak-auth-card',
  template: `
    <main>
      <div class="brand" aria-hidden="true">
        <svg viewBox="0 0 32 32" width="40" height="40">
          <rect width="32" height="32" rx="9" class="tile" />
          <path class="mark" d="M7 24 14.4 7h3.2L25 24h-4.1l-1.5-3.8h-6.8L11.1 24zm7-7.3h4L16 11.4z" />
          <circle class="dot" cx="25.5" cy="7.5" r="2.5" />
        </svg>
      </div>
      <h1>{{ title() }}</h1>
      <p class="lead">{{ lead() }}</p>
      <ng-content />
    </main>
    <footer>AiKore · your AI apps on your own machine</footer>
  `,
  styleUrl: './auth-card.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class AuthCard {
  readonly title = input.required<string>();
  readonly lead = input('');
}
