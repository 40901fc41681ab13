import { CdkConnectedOverlay, CdkOverlayOrigin } from '@angular/cdk/overlay';
import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  computed,
  inject,
  input,
  signal,
  viewChild,
} from '@angular/core';
import { MatIconModule } from '@angular/material/icon';
import { InstancesStore, Tools } from '@aikore/web/data';
import { Picker, statusLabel, type PickerGroup } from '@aikore/web/ui';

/** Which instance the tools are about: one choice for all of them. */
@Component({
  selector: 'ak-instance-select',
  imports: [CdkConnectedOverlay, CdkOverlayOrigin, MatIconModule, Picker],
  template: `
    <button
      #button
      #origin="cdkOverlayOrigin"
      cdkOverlayOrigin
      type="button"
      data-testid="tool-instance"
      aria-haspopup="listbox"
      [attr.aria-expanded]="open()"
      [attr.aria-label]="'Instance: ' + (name() || 'Choose an instance')"
      [attr.data-status]="instance()?.status"
      [title]="name()"
      (click)="open.set(!open())"
    >
      <span class="dot" aria-hidden="true"></span>
      <span class="name" dir="auto">{{ name() || 'Choose an instance' }}</span>
      <mat-icon svgIcon="down" aria-hidden="true" />
    </button>
    <ng-template
      cdkConnectedOverlay
      [cdkConnectedOverlayOrigin]="origin"
      [cdkConnectedOverlayOpen]="open()"
      [cdkConnectedOverlayWidth]="280"
      [cdkConnectedOverlayHasBackdrop]="true"
      cdkConnectedOverlayBackdropClass="cdk-overlay-transparent-backdrop"
      (backdropClick)="close()"
      (detach)="open.set(false)"
    >
      <ak-picker
        label="Instance"
        [groups]="groups()"
        [value]="instanceId()"
        [searchable]="true"
        (picked)="choose($event)"
        (closed)="close()"
      />
    </ng-template>
  `,
  styleUrl: './instance-select.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class InstanceSelect {
  readonly instanceId = input.required<number | null>();

  private readonly store = inject(InstancesStore);
  private readonly tools = inject(Tools);
  private readonly button = viewChild.required<ElementRef<HTMLElement>>('button');
  protected readonly open = signal(false);
  protected readonly instance = computed(() => this.store.find(this.instanceId() ?? 0));
  protected readonly name = computed(() => this.instance()?.name ?? '');
  protected readonly groups = computed<readonly PickerGroup<number | null>[]>(() => [
    {
      label: '',
      options: this.store.instances().map(({ id, name, status, progress }) => ({
        value: id,
        label: name,
        side: statusLabel(status, progress),
      })),
    },
  ]);

  protected choose(id: number | null): void {
    this.close();
    this.tools.open(this.tools.place().tool?.id ?? null, id);
  }

  protected close(): void {
    this.open.set(false);
    this.button().nativeElement.focus();
  }
}
