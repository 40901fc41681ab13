import { join, relative } from 'node:path';
import { Injectable } from '@nestjs/common';
import { BlueprintTexts, etagOf, readScriptBytes } from '@aikore/api/blueprints';
import { AppError, DataLayout } from '@aikore/api/kernel';
import { type BlueprintText, maxScriptBytes } from '@aikore/contract';
import type { InstanceEntity } from '@aikore/database';
import { Files } from '@aikore/platform';
import { scriptName } from '../supervisor/provisioner';

/** What launch.sh is now; before the first start: what the blueprint makes of it. */
export interface ScriptState {
  readonly content: string;
  readonly etag: string;
  /** Below the data folder. */
  readonly path: string;
  readonly exists: boolean;
  readonly damage: string | null;
  /** Null when it is gone or cannot be used. */
  readonly blueprint: BlueprintText | null;
}

/** The launch.sh of instances that have one of their own. */
@Injectable()
export class ScriptFile {
  constructor(
    private readonly layout: DataLayout,
    private readonly files: Files,
    private readonly blueprints: BlueprintTexts,
  ) {}

  /** @throws StorageError or PathEscapeError when it cannot be read, with a sentence */
  async read(home: InstanceEntity): Promise<ScriptState> {
    const blueprint = await this.blueprintOf(home);
    const path = relative(this.layout.root, join(this.layout.instance(home.directory), scriptName));
    const start = await this.files.readStart(await this.resolve(home), maxScriptBytes);
    if (start) return { ...readScriptBytes(start.bytes, start.size), path, exists: true, blueprint };
    const { content = '', etag = etagOf('') } = blueprint ?? {};
    return { content, etag, path, exists: false, damage: null, blueprint };
  }

  /** Whole or not at all: on a full disk the old script stays. Makes the instance's folder when it has none yet. */
  async write(home: InstanceEntity, content: string): Promise<void> {
    await this.files.ensureDir(await this.files.resolveInside(this.layout.instances, home.directory));
    await this.files.writeFileAtomic(await this.resolve(home), content, { mode: 0o700 });
  }

  private resolve({ directory }: InstanceEntity): Promise<string> {
    return this.files.resolveInside(this.layout.instances, `${directory}/${scriptName}`);
  }

  /** A script can be read and mended also when its blueprint is gone. */
  private async blueprintOf({ base_blueprint }: InstanceEntity): Promise<BlueprintText | null> {
    try {
      return await this.blueprints.read(base_blueprint);
    } catch (error) {
      if (error instanceof AppError && error.code === 'blueprint_unusable') return null;
      throw error;
    }
  }
}
