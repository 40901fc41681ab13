import { Injectable } from '@nestjs/common';
import { AppError } from '@aikore/api/kernel';
import { type BlueprintText, maxScriptBytes } from '@aikore/contract';
import { Files } from '@aikore/platform';
import { BlueprintCatalogue } from './blueprint-catalogue';
import { readScriptBytes } from './script-bytes';

/** What blueprints say. */
@Injectable()
export class BlueprintTexts {
  constructor(
    private readonly catalogue: BlueprintCatalogue,
    private readonly files: Files,
  ) {}

  /** @throws AppError `blueprint_unusable` when it is missing, empty or cannot be read */
  async read(filename: string): Promise<BlueprintText> {
    const { path, source } = await this.catalogue.resolve(filename);
    const start = await this.files.readStart(path, maxScriptBytes);
    if (!start) {
      throw new AppError('blueprint_unusable', `The blueprint ${filename} has just vanished. Choose another one.`);
    }
    const { content, etag } = readScriptBytes(start.bytes, start.size);
    return { filename, source, content, etag };
  }
}
