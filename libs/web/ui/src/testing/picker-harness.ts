import { ComponentHarness, TestKey } from '@angular/cdk/testing';

export class PickerHarness extends ComponentHarness {
  static readonly hostSelector = 'ak-picker';
  private readonly search = this.locatorForOptional('input');
  private readonly options = this.locatorForAll('[role=option]');
  private readonly active = this.locatorForOptional('[role=option].active');

  /** The labels that can be seen, in order. */
  async labels(): Promise<string[]> {
    return Promise.all((await this.locatorForAll('[role=option] .main')()).map((label) => label.text()));
  }

  async activeLabel(): Promise<string | null> {
    return (await (await this.locatorForOptional('[role=option].active .main')())?.text()) ?? null;
  }

  async searchFor(text: string): Promise<void> {
    const field = await this.search();
    await field?.clear();
    await field?.sendKeys(text);
  }

  async move(direction: 'up' | 'down'): Promise<void> {
    await (await this.host()).sendKeys(direction === 'up' ? TestKey.UP_ARROW : TestKey.DOWN_ARROW);
  }

  async take(): Promise<void> {
    await (await this.host()).sendKeys(TestKey.ENTER);
  }

  async escape(): Promise<void> {
    await (await this.host()).sendKeys(TestKey.ESCAPE);
  }

  async click(label: string): Promise<void> {
    for (const option of await this.options()) {
      if ((await option.text()).includes(label)) return option.click();
    }
    throw new Error(`The picker has no option “${label}”.`);
  }

  /** True when what the search field points at is what is drawn as active. */
  async pointsAtActive(): Promise<boolean> {
    const pointed = await (await this.search())?.getAttribute('aria-activedescendant');
    return pointed !== undefined && pointed === (await (await this.active())?.getAttribute('id'));
  }
}
