import { ComponentHarness, TestKey } from '@angular/cdk/testing';
import { InstanceRowHarness } from './instance-row-harness';

/** The pane with the table of instances. */
export class InstancesPanelHarness extends ComponentHarness {
  static readonly hostSelector = 'ak-instances-panel';

  rows(): Promise<InstanceRowHarness[]> {
    return this.locatorForAll(InstanceRowHarness)();
  }

  row(name: string): Promise<InstanceRowHarness> {
    return this.locatorFor(InstanceRowHarness.with({ name }))();
  }

  async names(): Promise<string[]> {
    return Promise.all((await this.rows()).map((row) => row.name()));
  }

  async filter(text: string): Promise<void> {
    const field = await this.locatorFor('[data-testid=filter]')();
    await field.clear();
    if (text !== '') await field.sendKeys(text);
  }

  /** The words of the button that saves; null: nothing is changed. */
  async saveLabel(): Promise<string | null> {
    return (await (await this.locatorForOptional('[data-testid=save-changes]')())?.text()) ?? null;
  }

  async save(): Promise<void> {
    await (await this.locatorFor('[data-testid=save-changes]')()).click();
  }

  async cancel(): Promise<void> {
    await (await this.locatorFor('[data-testid=cancel-changes]')()).click();
  }

  /** Alt and an arrow, on the row of that name. */
  async moveRow(name: string, direction: 'up' | 'down'): Promise<void> {
    const cell = await this.locatorFor(`[data-testid="row-${name}"] [data-field=name]`)();
    await cell.sendKeys({ alt: true }, direction === 'up' ? TestKey.UP_ARROW : TestKey.DOWN_ARROW);
  }

  async orphans(): Promise<string[]> {
    const notes = await this.locatorForAll('[data-testid=orphan]')();
    return Promise.all(notes.map((note) => note.text()));
  }

  async add(): Promise<void> {
    await (await this.locatorFor('[data-testid=add-instance]')()).click();
  }

  /** What stands in a text cell of the draft; null: there is no draft. */
  async draftValue(mark: string): Promise<string | null> {
    const cell = await this.locatorForOptional(`[data-testid=draft-${mark}]`)();
    return cell && cell.getProperty<string>('value');
  }

  async typeInDraft(mark: string, text: string): Promise<void> {
    const cell = await this.locatorFor(`[data-testid=draft-${mark}]`)();
    await cell.clear();
    if (text !== '') await cell.sendKeys(text);
  }

  async create(): Promise<void> {
    await (await this.locatorFor('[data-testid=draft-create]')()).click();
  }

  async draftProblems(): Promise<string[]> {
    const notes = await this.locatorForAll('[data-testid=draft-problem]')();
    return Promise.all(notes.map((note) => note.text()));
  }
}
