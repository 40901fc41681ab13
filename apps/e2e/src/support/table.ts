import { expect, type Locator, type Page } from '@playwright/test';
import { Console } from './console';

/** A row of the table of instances, by the marks of its cells. */
export class Row {
  constructor(readonly box: Locator) {}

  cell(mark: string): Locator {
    return this.box.getByTestId(`edit-${mark}`);
  }

  get chip(): Locator {
    return this.box.getByTestId('status-chip');
  }

  get problem(): Locator {
    return this.box.getByTestId('row-problem');
  }

  async edit(mark: string, text: string): Promise<void> {
    await this.cell(mark).fill(text);
    await expect(this.box).toHaveClass(/\bdirty\b/);
  }

  async openMenu(): Promise<void> {
    await this.box.getByTestId('action-menu').click();
  }

  /** The row's own menu, at a cell without text to type in. */
  async rightClick(): Promise<void> {
    await this.chip.click({ button: 'right' });
  }
}

/** The table of instances of a console. */
export class Table {
  readonly page: Page;

  constructor(private readonly console: Console) {
    this.page = console.page;
  }

  row(name: string): Row {
    return new Row(this.console.row(name));
  }

  /** Names in the order of the table. */
  async names(): Promise<string[]> {
    const marks = await this.page
      .locator('[role=row][data-id]')
      .evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset['testid'] ?? ''));
    return marks.map((mark) => mark.replace(/^row-/, ''));
  }

  async hasOrder(...names: string[]): Promise<void> {
    await expect(async () => expect(await this.names()).toEqual(names)).toPass({ timeout: 5000 });
  }

  get save(): Locator {
    return this.page.getByTestId('save-changes');
  }

  /** Drags a row by its handle, to above or below another one. */
  async drag(name: string, where: 'above' | 'below', other: string): Promise<void> {
    const handle = this.row(name).box.getByTestId('drag-handle');
    await this.row(name).box.hover();
    const [from, to] = [await handle.boundingBox(), await this.row(other).box.boundingBox()];
    if (!from || !to) throw new Error('The rows are not in sight.');
    await this.page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
    await this.page.mouse.down();
    const y = where === 'above' ? to.y + 4 : to.y + to.height - 4;
    // A drag begins after a few pixels, and follows moves, not jumps.
    await this.page.mouse.move(from.x + 6, from.y + (y > from.y ? 12 : -12), { steps: 4 });
    await this.page.mouse.move(from.x + 6, y, { steps: 12 });
    await this.page.mouse.up();
  }
}
