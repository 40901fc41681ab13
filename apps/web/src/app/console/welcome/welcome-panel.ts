import { ChangeDetectionStrategy, Component } from '@angular/core';
import { AsciiLogo } from './ascii-logo';

/** What the tools pane shows while nothing is asked of it. */
@Component({
  selector: 'ak-welcome-panel',
  imports: [AsciiLogo],
  template: `
    <ak-ascii-logo />
    <p>Logs, terminals, scripts and the apps themselves appear here.</p>
    <dl>
      <div>
        <dt><kbd>Ctrl</kbd> <kbd>K</kbd></dt>
        <dd>anything, by name</dd>
      </div>
      <div>
        <dt><kbd>/</kbd></dt>
        <dd>filter instances</dd>
      </div>
      <div>
        <dt><kbd>n</kbd></dt>
        <dd>add an instance</dd>
      </div>
      <div>
        <dt><kbd>?</kbd></dt>
        <dd>all shortcuts</dd>
      </div>
    </dl>
  `,
  styles: `
    :host {
      display: flex;
      flex: 1;
      flex-direction: column;
      align-items: center;
      justify-content: center;
      gap: 12px;
      min-height: 0;
      padding: 12px;
      overflow: auto;
      background:
        radial-gradient(
          520px 260px at 50% 42%,
          color-mix(in srgb, var(--mat-sys-primary) 8%, transparent),
          transparent 75%
        ),
        var(--ak-log);
    }
    p {
      margin: 0;
      color: var(--ak-dim);
    }
    dl {
      display: flex;
      flex-wrap: wrap;
      justify-content: center;
      gap: 6px 18px;
      margin: 0;
      color: var(--ak-dim);
    }
    dl div {
      display: flex;
      align-items: center;
      gap: 6px;
    }
    dd {
      margin: 0;
    }
    // Where there is no keyboard.
    @media (hover: none) and (pointer: coarse) {
      dl {
        display: none;
      }
    }
  `,
  host: { 'data-testid': 'welcome' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class WelcomePanel {}
