import { ComponentHarness } from '@angular/cdk/testing';

export class PaneHarness extends ComponentHarness {
  static readonly hostSelector = 'ak-pane';
  private readonly header = this.locatorFor('header');
  private readonly title = this.locatorForOptional('h2');
  private readonly figure = this.locatorFor('ak-zoom .value');
  private readonly steps = this.locatorForAll('ak-zoom .ak-tool');
  private readonly maximise = this.locatorForOptional('.max');

  async name(): Promise<string | null> {
    return (await this.host()).getAttribute('aria-label');
  }

  async heading(): Promise<string | null> {
    return (await (await this.title())?.text()) ?? null;
  }

  /** As it is shown: `100 %`. */
  async zoom(): Promise<string> {
    return (await this.figure()).text();
  }

  async smaller(): Promise<void> {
    await (await this.steps())[0]?.click();
  }

  async larger(): Promise<void> {
    await (await this.steps())[1]?.click();
  }

  async resetZoom(): Promise<void> {
    await (await this.figure()).dispatchEvent('dblclick');
  }

  async canMaximise(): Promise<boolean> {
    return (await this.maximise()) !== null;
  }

  async isMaximised(): Promise<boolean> {
    return (await (await this.maximise())?.getAttribute('aria-pressed')) === 'true';
  }

  async toggleMaximised(): Promise<void> {
    await (await this.maximise())?.click();
  }

  async doubleClickHeader(): Promise<void> {
    await (await this.header()).dispatchEvent('dblclick');
  }
}
