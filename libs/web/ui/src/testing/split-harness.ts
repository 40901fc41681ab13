import { ComponentHarness, TestKey } from '@angular/cdk/testing';

const keys = {
  left: TestKey.LEFT_ARROW,
  right: TestKey.RIGHT_ARROW,
  up: TestKey.UP_ARROW,
  down: TestKey.DOWN_ARROW,
  home: TestKey.HOME,
  end: TestKey.END,
  enter: TestKey.ENTER,
} as const;

export class SplitHarness extends ComponentHarness {
  static readonly hostSelector = 'ak-split';
  private readonly divider = this.locatorFor('[role=separator]');
  private readonly parts = this.locatorForAll('.part');

  /** The share of the first pane, in percent, as it is told to screen readers. */
  async percent(): Promise<number> {
    return Number(await (await this.divider()).getAttribute('aria-valuenow'));
  }

  async orientation(): Promise<string | null> {
    return (await this.divider()).getAttribute('aria-orientation');
  }

  async press(...names: (keyof typeof keys)[]): Promise<void> {
    for (const name of names) await (await this.divider()).sendKeys(keys[name]);
  }

  async doubleClick(): Promise<void> {
    await (await this.divider()).dispatchEvent('dblclick');
  }

  /** Which of the two panes are seen. */
  async shown(): Promise<boolean[]> {
    return Promise.all((await this.parts()).map(async (part) => !(await part.hasClass('gone'))));
  }
}
