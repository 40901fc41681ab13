import { join } from 'node:path';
import type { AppConfig, DataLayout } from '@aikore/api/kernel';
import type { InstanceEntity } from '@aikore/database';
import { type LaunchInput, parseVersionsEnv } from '@aikore/domain';
import type { Files } from '@aikore/platform';
import type { Provisioned } from './provisioner';

/** What a run and a shell of an instance have in common. */
export type LaunchSettings = Pick<LaunchInput, 'instance' | 'homeName' | 'inherited' | 'defaults'> & {
  readonly paths: Omit<LaunchInput['paths'], 'progressFile'>;
};

/**
 * Everything of a launch that does not depend on the run.
 *
 * @param home the instance whose folder and environment are used: a satellite's is its parent
 */
export async function launchSettings(
  row: InstanceEntity,
  home: InstanceEntity,
  provisioned: Provisioned,
  { config, layout, files }: { config: AppConfig; layout: DataLayout; files: Files },
): Promise<LaunchSettings> {
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
      temp: layout.temp,
      models: layout.models,
      blueprintLib: join(config.blueprintsDir, 'lib'),
    },
    inherited: config.inheritedEnvironment,
    defaults: parseVersionsEnv((await files.readText(config.versionsFile)) ?? '').values,
  };
}
