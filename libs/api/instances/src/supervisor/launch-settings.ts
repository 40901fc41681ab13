import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { AppConfig, DataLayout } from '@aikore/api/kernel';
import type { InstanceEntity } from '@aikore/database';
import { type LaunchInput, parseVersionsEnv } from '@aikore/domain';
import { Files } from '@aikore/platform';
import type { Provisioned } from './provisioner';

type Settings = Pick<LaunchInput, 'instance' | 'homeName' | 'inherited' | 'defaults'> & {
  readonly paths: Omit<LaunchInput['paths'], 'progressFile'>;
};

/** What a run and a shell of an instance have in common. */
@Injectable()
export class LaunchSettings {
  constructor(
    private readonly config: AppConfig,
    private readonly layout: DataLayout,
    private readonly files: Files,
  ) {}

  /**
   * Everything of a launch that does not depend on the run.
   *
   * @param home the instance whose folder and environment are used: a satellite's is its parent
   */
  async of(row: InstanceEntity, home: InstanceEntity, provisioned: Provisioned): Promise<Settings> {
    return {
      // A satellite takes these from its parent, whatever its own row says.
      instance: {
        ...row,
        base_blueprint: home.base_blueprint,
        python_version: home.python_version,
        cuda_version: home.cuda_version,
        torch_version: home.torch_version,
      },
      homeName: home.name,
      paths: {
        ...provisioned,
        temp: this.layout.temp,
        models: this.layout.models,
        blueprintLib: join(this.config.blueprintsDir, 'lib'),
      },
      inherited: this.config.inheritedEnvironment,
      defaults: parseVersionsEnv((await this.files.readText(this.config.versionsFile)) ?? '').values,
    };
  }
}
