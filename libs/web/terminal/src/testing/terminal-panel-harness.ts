import { ComponentHarness } from '@angular/cdk/testing';

export class TerminalPanelHarness extends ComponentHarness {
  static readonly hostSelector = 'ak-terminal-panel';
  private readonly tabButtons = this.locatorForAll('[data-testid=terminal-tab]');
  private readonly closeButtons = this.locatorForAll('[data-testid=terminal-close]');
  private readonly newButton = this.locatorFor('[data-testid=terminal-new]');
  private readonly stage = this.locatorFor('.stage');
  private readonly nameField = this.locatorFor('[data-testid=terminal-name]');

  /** What is read on the tabs. */
  async tabs(): Promise<string[]> {
    return Promise.all((await this.tabButtons()).map((tab) => tab.text()));
  }

  /** What is read on the tab that is shown. */
  async shown(): Promise<string | null> {
    for (const tab of await this.tabButtons()) {
      if ((await tab.getAttribute('aria-selected')) === 'true') return tab.text();
    }
    return null;
  }

  async choose(index: number): Promise<void> {
    await (await this.tabButtons())[index]?.click();
  }

  async press(index: number, key: string): Promise<void> {
    await (await this.tabButtons())[index]?.dispatchEvent('keydown', { key });
  }

  async close(index: number): Promise<void> {
    await (await this.closeButtons())[index]?.click();
  }

  async open(): Promise<void> {
    await (await this.newButton()).click();
  }

  async canOpen(): Promise<boolean> {
    return !(await (await this.newButton()).getProperty<boolean>('disabled'));
  }

  async rename(name: string): Promise<void> {
    const field = await this.nameField();
    await field.setInputValue(name);
    await field.dispatchEvent('keydown', { key: 'Enter' });
  }

  /** What stands below the tabs, where there is no terminal. */
  async text(): Promise<string> {
    return (await this.stage()).text();
  }
}
