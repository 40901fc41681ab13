import { ChangeDetectionStrategy, Component, signal } from '@angular/core';
import { Pane } from '@aikore/web/ui';

@Component({
  selector: 'ak-pane-demo',
  imports: [Pane],
  template: `
    <ak-pane title="A pane" label="A pane" [(zoom)]="zoom" [(maximised)]="maximised">
      <p>Zoomed by {{ zoom() }} %, {{ maximised() ? 'maximised' : 'not maximised' }}.</p>
    </ak-pane>
    <ak-pane label="A pane without maximise" [zoom]="100" [canMaximise]="false">
      <span paneTitle>Something in the place of a title</span>
      <button paneTools type="button" class="ak-tool">A tool</button>
      <p>Body</p>
    </ak-pane>
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      gap: 10px;
    }
    ak-pane {
      height: 100px;
    }
    p {
      margin: 10px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PaneDemo {
  protected readonly zoom = signal(100);
  protected readonly maximised = signal(false);
}
