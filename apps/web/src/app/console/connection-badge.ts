import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatTooltipModule } from '@angular/material/tooltip';
import { Connection, InstancesStore } from '@aikore/web/data';
import { formatMoment } from '@aikore/web/ui';

const words = {
  live: { label: 'Live', text: 'Connected: everything shown here is as it is right now.' },
  reconnecting: {
    label: 'Reconnecting',
    text: 'The connection was lost; it is tried again by itself. What you see may be a moment old. Apps go on running.',
  },
  offline: {
    label: 'Offline',
    text: 'The server cannot be reached; it is tried again by itself. What you see is old. Apps may still be running.',
  },
} as const;

/** How live the page is, and what that means. */
@Component({
  selector: 'ak-connection-badge',
  imports: [MatTooltipModule],
  template: `
    <button
      type="button"
      data-testid="connection-state"
      [attr.data-state]="state()"
      [matTooltip]="text()"
      [attr.aria-label]="'Connection: ' + label() + '. ' + text()"
    >
      <span class="dot" aria-hidden="true"></span>{{ label() }}
    </button>
    <span class="ak-sr" role="status">{{ state() === 'live' ? '' : label() }}</span>
  `,
  styles: `
    button {
      --tone: var(--ak-started);
      display: inline-flex;
      align-items: center;
      gap: 6px;
      height: 20px;
      padding: 0 9px 0 7px;
      border: 0;
      border-radius: 10px;
      background: color-mix(in srgb, var(--tone) 12%, transparent);
      color: var(--tone);
      font: 500 11px var(--ak-font);
      cursor: help;
    }
    .dot {
      width: 7px;
      height: 7px;
      border-radius: 50%;
      background: currentColor;
    }
    [data-state='reconnecting'] {
      --tone: var(--ak-starting);
    }
    [data-state='offline'] {
      --tone: var(--ak-error);
    }
    [data-state='reconnecting'] .dot {
      animation: pulse 1s ease-in-out infinite alternate;
    }
    [data-state='offline'] .dot {
      border-radius: 0;
    }
    @keyframes pulse {
      to {
        opacity: 0.25;
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ConnectionBadge {
  private readonly connection = inject(Connection);
  private readonly instances = inject(InstancesStore);
  /** Connected is not enough: the list must follow it too. */
  protected readonly state = computed(() => {
    const state = this.connection.state();
    return state === 'live' && !this.instances.current() ? 'reconnecting' : state;
  });
  protected readonly label = computed(() => words[this.state()].label);
  protected readonly text = computed(
    () => `${words[this.state()].text} Since ${formatMoment(this.connection.since(), new Date())}.`,
  );
}
