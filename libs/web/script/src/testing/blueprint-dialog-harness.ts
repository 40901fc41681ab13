import { ComponentHarness } from '@angular/cdk/testing';

export class BlueprintDialogHarness extends ComponentHarness {
  static readonly hostSelector = 'ak-blueprint-dialog';
  private readonly field = this.locatorFor('input');
  private readonly button = this.locatorFor('[type=submit]');

  async name(): Promise<string> {
    return (await this.field()).getProperty<string>('value');
  }

  async rename(name: string): Promise<void> {
    const field = await this.field();
    await field.clear();
    if (name !== '') await field.sendKeys(name);
  }

  /** What is said below the name. */
  async hint(): Promise<string> {
    return (await (await this.locatorFor('[role=status]')()).text()).replace(/\s+/g, ' ');
  }

  /** What the button says that saves; null while it cannot be pressed. */
  async offer(): Promise<string | null> {
    const button = await this.button();
    return (await button.getProperty<boolean>('disabled')) ? null : button.text();
  }

  async save(): Promise<void> {
    await (await this.button()).click();
  }
}
