import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatIconModule } from '@angular/material/icon';
import { MatMenuModule } from '@angular/material/menu';
import { InstancesStore, Tools } from '@aikore/web/data';
import { StatusChip, progressShare } from '@aikore/web/ui';

/** What is going on that takes long, with its progress; nothing while nothing is. */
@Component({
  selector: 'ak-work-badge',
  imports: [MatIconModule, MatMenuModule, StatusChip],
  template: `
    @if (works().length > 0) {
      <button
        type="button"
        class="badge"
        data-testid="work"
        [attr.aria-label]="'In progress: ' + works().length"
        title="In progress"
        [matMenuTriggerFor]="menu"
      >
        <mat-icon svgIcon="status-installing" aria-hidden="true" />{{ works().length }}
        <span class="bar" aria-hidden="true"><span [style.transform]="'scaleX(' + share() + ')'"></span></span>
      </button>
    }
    <mat-menu #menu="matMenu" xPosition="before">
      @for (item of works(); track item.id) {
        <button mat-menu-item (click)="tools.open('logs', item.id)">
          <span class="work">
            <span class="name" dir="auto">{{ item.name }}</span>
            <ak-status-chip [status]="item.status" [progress]="item.progress" />
            <span class="text">{{ item.progress?.text }}</span>
          </span>
        </button>
      }
    </mat-menu>
  `,
  styles: `
    .badge {
      position: relative;
      display: inline-flex;
      align-items: center;
      gap: 5px;
      height: 20px;
      padding: 0 9px 0 7px;
      border: 0;
      border-radius: 10px;
      background: color-mix(in srgb, var(--ak-installing) 13%, transparent);
      color: var(--ak-installing);
      font: 500 11px var(--ak-font);
      overflow: hidden;
    }
    mat-icon {
      width: 12px;
      height: 12px;
    }
    .work {
      display: grid;
      grid-template-columns: minmax(80px, 1fr) auto;
      align-items: center;
      gap: 2px 12px;
      width: 260px;
      padding: 4px 0;
    }
    .work .name {
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .work .text {
      grid-column: 1 / -1;
      overflow: hidden;
      color: var(--ak-dim);
      font-size: 11px;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .bar {
      position: absolute;
      inset: auto 0 0;
      height: 2px;
    }
    .bar span {
      display: block;
      height: 100%;
      background: currentColor;
      transform-origin: 0 0;
      transition: transform 0.3s ease;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class WorkBadge {
  protected readonly tools = inject(Tools);
  private readonly store = inject(InstancesStore);
  protected readonly works = computed(() => this.store.instances().filter(({ status }) => status === 'installing'));
  /** Of all of it together, 0 to 1. */
  protected readonly share = computed(() => {
    const shares = this.works().map(({ status, progress }) => progressShare(status, progress) ?? 0);
    return shares.reduce((sum, share) => sum + share, 0) / shares.length;
  });
}
