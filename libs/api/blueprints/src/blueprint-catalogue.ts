import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { AppConfig, AppError, ConfigError, DataLayout } from '@aikore/api/kernel';
import type { Blueprint } from '@aikore/contract';
import { isFolder } from '@aikore/platform';
import { type BlueprintFile, BlueprintFolder } from './blueprint-folder';
import { mergeBlueprints } from './merge-blueprints';

/** A blueprint that can be run now. */
export interface ResolvedBlueprint {
  /** Absolute path of the script, links followed. */
  readonly path: string;
  readonly source: Blueprint['source'];
  readonly header: Blueprint;
}

/** The blueprints to choose from: the shipped ones and the user's own, which win on equal file names. */
@Injectable()
export class BlueprintCatalogue implements OnModuleInit {
  private readonly logger = new Logger(BlueprintCatalogue.name);
  private readonly stock: BlueprintFolder;
  private readonly custom: BlueprintFolder;

  constructor(config: AppConfig, layout: DataLayout) {
    this.stock = new BlueprintFolder(config.blueprintsDir, 'stock');
    this.custom = new BlueprintFolder(layout.customBlueprints, 'custom');
  }

  /** @throws ConfigError when the folder of the stock blueprints is not there: a list without them would only puzzle */
  async onModuleInit(): Promise<void> {
    if (await isFolder(this.stock.root)) return;
    throw new ConfigError([`AIKORE_BLUEPRINTS_DIR names ${this.stock.root}, which is not a folder. Correct it.`]);
  }

  /** All of them, sorted by name; those that cannot be used say why in `problem`. Never throws. */
  async list(): Promise<Blueprint[]> {
    const [stock, custom] = await Promise.all([this.listFolder(this.stock), this.listFolder(this.custom)]);
    return mergeBlueprints(stock, custom);
  }

  /**
   * The script behind a file name of the catalogue.
   *
   * @throws AppError `blueprint_unusable` when it is missing, empty or cannot be read
   */
  async resolve(filename: string): Promise<ResolvedBlueprint> {
    const [custom, stock] = await Promise.all([this.custom.find(filename), this.stock.find(filename)]);
    const found = custom ?? stock;
    if (!found) {
      throw new AppError(
        'blueprint_unusable',
        `There is no blueprint ${JSON.stringify(filename.slice(0, 128))}. Choose another one.`,
      );
    }
    if (found.reason !== null) {
      throw new AppError(
        'blueprint_unusable',
        `The blueprint ${filename} ${found.reason}. Repair it or choose another one.`,
      );
    }
    const header = { ...found.blueprint, shadows: custom !== null && stock !== null };
    return { path: found.path, source: header.source, header };
  }

  private async listFolder(folder: BlueprintFolder): Promise<Blueprint[]> {
    try {
      return (await folder.list()).map(({ blueprint }: BlueprintFile) => blueprint);
    } catch (error) {
      this.logger.error(`The ${folder.source} blueprints in ${folder.root} cannot be listed: ${String(error)}`);
      return [];
    }
  }
}
