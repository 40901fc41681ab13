import { ComponentHarness } from '@angular/cdk/testing';

export class ToastOutletHarness extends ComponentHarness {
  static readonly hostSelector = 'ak-toast-outlet';
  private readonly toasts = this.locatorForAll('.toast');

  /** `role level: text` of each message, in order. */
  async texts(): Promise<string[]> {
    return Promise.all(
      (await this.toasts()).map(async (toast) => {
        const [role, level, text] = await Promise.all([
          toast.getAttribute('role'),
          toast.getAttribute('data-level'),
          toast.text(),
        ]);
        return `${role} ${level}: ${text.replace(/\s+/g, ' ').trim()}`;
      }),
    );
  }

  async close(index: number): Promise<void> {
    await (await this.locatorForAll('.toast button')())[index]?.click();
  }

  async canCloseAll(): Promise<boolean> {
    return (await this.locatorForOptional('.all')()) !== null;
  }

  async closeAll(): Promise<void> {
    await (await this.locatorFor('.all')()).click();
  }
}
