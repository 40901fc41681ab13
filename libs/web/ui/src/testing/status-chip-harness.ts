import { ComponentHarness } from '@angular/cdk/testing';

export class StatusChipHarness extends ComponentHarness {
  static readonly hostSelector = 'ak-status-chip';

  async status(): Promise<string | null> {
    return (await this.host()).getAttribute('data-status');
  }

  async label(): Promise<string> {
    return (await this.locatorFor('.label')()).text();
  }

  async tooltip(): Promise<string | null> {
    return (await this.host()).getAttribute('title');
  }

  /** The icon's name: each status has a shape of its own. */
  async icon(): Promise<string | null> {
    return (await this.locatorFor('mat-icon')()).getAttribute('data-mat-icon-name');
  }

  /** `none`, `unknown` (it moves, but nobody knows how far), or the drawn share. */
  async progress(): Promise<string> {
    const bar = await this.locatorForOptional('.bar')();
    if (!bar) return 'none';
    if (await bar.hasClass('unknown')) return 'unknown';
    return (await this.locatorFor('.bar span')()).getCssValue('transform');
  }
}
