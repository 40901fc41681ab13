import { type BaseHarnessFilters, ComponentHarness, HarnessPredicate } from '@angular/cdk/testing';

/** A row of the table, by the marks of its cells. */
export class InstanceRowHarness extends ComponentHarness {
  static readonly hostSelector = 'ak-instance-row';

  /** @param filters `name`: as it was saved */
  static with(filters: BaseHarnessFilters & { name?: string } = {}): HarnessPredicate<InstanceRowHarness> {
    return new HarnessPredicate(InstanceRowHarness, filters).addOption('name', filters.name, async (row, name) => {
      return (await row.name()) === name;
    });
  }

  async name(): Promise<string> {
    const mark = await (await this.box()).getAttribute('data-testid');
    return (mark ?? '').replace(/^row-/, '');
  }

  async isDirty(): Promise<boolean> {
    return (await this.box()).hasClass('dirty');
  }

  async isSatellite(): Promise<boolean> {
    return (await this.box()).hasClass('satellite');
  }

  /** What stands in a text cell, such as `name`, `output`, `hostname`. */
  async value(mark: string): Promise<string> {
    return (await this.cell(mark)).getProperty<string>('value');
  }

  async type(mark: string, text: string): Promise<void> {
    const cell = await this.cell(mark);
    await cell.clear();
    if (text !== '') await cell.sendKeys(text);
  }

  async click(mark: string): Promise<void> {
    await (await this.cell(mark)).click();
  }

  async isChecked(mark: string): Promise<boolean> {
    return (await this.cell(mark)).getProperty<boolean>('checked');
  }

  async isLocked(mark: string): Promise<boolean> {
    return (await this.cell(mark)).getProperty<boolean>('disabled');
  }

  async isActionOffered(action: string): Promise<boolean> {
    const button = await this.locatorForOptional(`[data-testid=action-${action}]`)();
    return button !== null && !(await button.getProperty<boolean>('disabled'));
  }

  async conflict(): Promise<string> {
    return (await (await this.locatorForOptional('[data-testid=conflict]')())?.text()) ?? '';
  }

  async resolve(how: 'keep-mine' | 'take-theirs'): Promise<void> {
    await (await this.locatorFor(`[data-testid=${how}]`)()).click();
  }

  async problems(): Promise<string[]> {
    const notes = await this.locatorForAll('[data-testid=row-problem]')();
    return Promise.all(notes.map((note) => note.text()));
  }

  private readonly box = this.locatorFor('.row');
  private cell(mark: string) {
    return this.locatorFor(`[data-testid=edit-${mark}]`)();
  }
}
