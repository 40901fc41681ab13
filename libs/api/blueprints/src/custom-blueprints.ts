import { Injectable } from '@nestjs/common';
import { AppError, DataLayout, DomainEvents, Mailbox } from '@aikore/api/kernel';
import { type Blueprint, customBlueprintFilename, runnableScript } from '@aikore/contract';
import { Files, PathEscapeError } from '@aikore/platform';
import { BlueprintCatalogue } from './blueprint-catalogue';

/** Writes the user's own blueprints. */
@Injectable()
export class CustomBlueprints {
  /** One check-and-write at a time: of two people who choose the same new name, one is asked. */
  private readonly turns = new Mailbox<'custom'>();

  constructor(
    private readonly layout: DataLayout,
    private readonly files: Files,
    private readonly catalogue: BlueprintCatalogue,
    private readonly events: DomainEvents,
  ) {}

  /**
   * Make a custom blueprint, or replace one. A stock one of the same name stays, and is shadowed.
   *
   * @param content kept as it is, but for line ends and a byte order mark (`runnableScript`)
   * @throws AppError `name_taken` without `overwrite`, `validation_failed`; StorageError with the old file whole
   */
  save(filename: string, content: string, overwrite: boolean): Promise<Blueprint> {
    return this.turns.post('custom', async () => {
      await this.files.ensureDir(this.layout.customBlueprints);
      const path = await this.pathOf(filename);
      if (!overwrite && (await this.files.exists(path))) throw taken(filename);
      await this.files.writeFileAtomic(path, runnableScript(content), { mode: 0o600 });
      const { header } = await this.catalogue.resolve(filename);
      this.events.emit('blueprints.changed', { filename });
      return header;
    });
  }

  /** The name is checked here too: whoever calls, nothing is written outside the folder (SECURITY P13). */
  private pathOf(filename: string): Promise<string> {
    if (!customBlueprintFilename.safeParse(filename).success) throw new PathEscapeError(filename);
    return this.files.resolveInside(this.layout.customBlueprints, filename);
  }
}

const taken = (filename: string): AppError =>
  new AppError(
    'name_taken',
    `There is a custom blueprint ${filename} already. Choose another name, or overwrite it on purpose.`,
    { fields: [{ path: 'filename', message: 'is taken' }] },
  );
