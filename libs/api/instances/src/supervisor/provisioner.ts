import { Injectable } from '@nestjs/common';
import { join } from 'node:path';
import { BlueprintCatalogue } from '@aikore/api/blueprints';
import { AppError, DataLayout } from '@aikore/api/kernel';
import type { InstanceEntity } from '@aikore/database';
import { type BlueprintHeader, parseBlueprintHeader, variablesFile } from '@aikore/domain';
import { Files } from '@aikore/platform';

/** The folders and files of an instance that is about to run. */
export interface Provisioned {
  /** Folder with launch.sh: a satellite's is its parent's. */
  readonly home: string;
  readonly cwd: string;
  readonly script: string;
  readonly outputs: string;
  /** launch.sh's own header: it wins over the blueprint's. */
  readonly header: BlueprintHeader;
}

export const scriptName = 'launch.sh';
const previous = /^launch\.sh\.previous-(\d{1,9})$/;

/** Lazy provisioning: an instance's folder and files appear at its first start, and are completed at each. */
@Injectable()
export class Provisioner {
  constructor(
    private readonly layout: DataLayout,
    private readonly files: Files,
    private readonly blueprints: BlueprintCatalogue,
  ) {}

  /**
   * Make what is missing. launch.sh is copied from the blueprint only when absent: the user's edits stay.
   *
   * @param parent the parent of a satellite, whose folder it shares and never changes
   * @throws AppError, StorageError or PathEscapeError with a sentence
   */
  async provision(instance: InstanceEntity, parent: InstanceEntity | null): Promise<Provisioned> {
    const cwd = await this.files.resolveInside(this.layout.instances, instance.directory);
    for (const folder of [this.layout.logs(instance.directory), this.layout.runs(instance.directory)]) {
      await this.files.ensureDir(folder);
    }
    const outputs = await this.files.resolveInside(this.layout.outputs, instance.output_path || instance.directory);
    await this.files.ensureDir(outputs);
    const home = parent ? this.layout.instance(parent.directory) : cwd;
    const script = join(home, scriptName);
    if (parent) await this.requireScript(parent, script);
    else await this.fillHome(instance, home, script);
    return { home, cwd, script, outputs, header: await this.headerFor(instance, parent) };
  }

  /**
   * Put another blueprint in launch.sh's place; every old script stays beside it. Nothing before the first start.
   *
   * @returns what puts the old script back
   */
  async replaceScript(instance: InstanceEntity, blueprint: string): Promise<() => Promise<void>> {
    const folder = this.layout.instance(instance.directory);
    const script = join(folder, scriptName);
    const old = await this.files.read(script);
    if (old === null) return () => Promise.resolve();
    const text = await this.textOf(blueprint);
    const kept = (await this.files.list(folder)).map((name) => Number(previous.exec(name)?.[1] ?? 0));
    const copy = `${script}.previous-${Math.max(0, ...kept) + 1}`;
    await this.files.writeFileAtomic(copy, old, { mode: 0o600 });
    await this.files.writeFileAtomic(script, text, { mode: 0o700 });
    return async () => {
      await this.files.writeFileAtomic(script, old, { mode: 0o700 });
      await this.files.removeTree(copy);
    };
  }

  /** @throws PathEscapeError when the folder would lie outside the outputs */
  async checkOutputPath(path: string): Promise<void> {
    await this.files.resolveInside(this.layout.outputs, path);
  }

  /** Names that are taken below the instances' folder. */
  foldersOnDisk(): Promise<string[]> {
    return this.files.list(this.layout.instances);
  }

  private async requireScript(parent: InstanceEntity, script: string): Promise<void> {
    if (await this.files.exists(script)) return;
    throw new AppError(
      'blueprint_unusable',
      `"${parent.name}", whose environment this instance uses, was never started. Start it once first.`,
    );
  }

  private async fillHome(instance: InstanceEntity, home: string, script: string): Promise<void> {
    if (!(await this.files.exists(script))) {
      await this.files.writeFileAtomic(script, await this.textOf(instance.base_blueprint), { mode: 0o700 });
    }
    const variables = join(home, 'aikore_vars.env');
    const text = variablesFile(instance);
    if ((await this.files.readText(variables)) !== text) {
      await this.files.writeFileAtomic(variables, text, { mode: 0o600 });
    }
  }

  private async textOf(blueprint: string): Promise<Uint8Array> {
    const { path } = await this.blueprints.resolve(blueprint);
    const bytes = await this.files.read(path);
    if (bytes) return bytes;
    throw new AppError('blueprint_unusable', `The blueprint ${blueprint} has just vanished. Choose another one.`);
  }

  /** The header of the script that the instance runs. @param parent see `provision` */
  async headerFor(instance: InstanceEntity, parent: InstanceEntity | null): Promise<BlueprintHeader> {
    const script = join(this.layout.instance((parent ?? instance).directory), scriptName);
    const text = (await this.files.readText(script)) ?? '';
    return parseBlueprintHeader(text, instance.base_blueprint);
  }
}
