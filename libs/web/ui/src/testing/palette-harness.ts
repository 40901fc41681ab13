import { ComponentHarness, TestKey } from '@angular/cdk/testing';

const keys = {
  up: TestKey.UP_ARROW,
  down: TestKey.DOWN_ARROW,
  pageDown: TestKey.PAGE_DOWN,
  pageUp: TestKey.PAGE_UP,
  enter: TestKey.ENTER,
} as const;

export class PaletteHarness extends ComponentHarness {
  static readonly hostSelector = 'ak-palette';
  private readonly field = this.locatorFor('input');

  async labels(): Promise<string[]> {
    return Promise.all((await this.locatorForAll('[role=option] .label')()).map((label) => label.text()));
  }

  async headings(): Promise<string[]> {
    return Promise.all((await this.locatorForAll('.heading')()).map((heading) => heading.text()));
  }

  async active(): Promise<string | null> {
    return (await (await this.locatorForOptional('[aria-selected=true] .label')())?.text()) ?? null;
  }

  /** What the search field points screen readers at. */
  async pointedAt(): Promise<string | null> {
    const id = await (await this.field()).getAttribute('aria-activedescendant');
    return id === null ? null : (await this.locatorFor(`#${id} .label`)()).text();
  }

  async type(text: string): Promise<void> {
    await (await this.field()).clear();
    if (text) await (await this.field()).sendKeys(text);
  }

  async press(...names: (keyof typeof keys)[]): Promise<void> {
    for (const name of names) await (await this.field()).sendKeys(keys[name]);
  }

  async click(label: string): Promise<void> {
    for (const option of await this.locatorForAll('[role=option]')()) {
      if ((await option.text()).includes(label)) return option.click();
    }
    throw new Error(`The palette has no command “${label}”.`);
  }
}
