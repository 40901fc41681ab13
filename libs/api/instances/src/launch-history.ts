import { Injectable } from '@nestjs/common';
import { AppConfig } from '@aikore/api/kernel';
import type { LaunchChanges, VersionChoices } from '@aikore/contract';
import { compareLaunches, parseVersionsEnv, versionChoicesOf } from '@aikore/domain';
import { Files } from '@aikore/platform';
import { InstanceStore } from './instance-store';

/** What instances were started with: what changed since it last went well, and which versions there are to choose. */
@Injectable()
export class LaunchHistory {
  constructor(
    private readonly store: InstanceStore,
    private readonly config: AppConfig,
    private readonly files: Files,
  ) {}

  /** @throws AppError `not_found` */
  async changes(id: number): Promise<LaunchChanges> {
    const { last, good } = await this.store.lastAndGood(await this.store.row(id));
    const run = last?.launch ? last.id : null;
    if (!last?.launch || !good?.launch) return { run, good: null, changes: [] };
    const { id: goodId, started_at } = good;
    return { run, good: { id: goodId, started_at }, changes: compareLaunches(good.launch, last.launch) };
  }

  async versions(): Promise<VersionChoices> {
    return versionChoicesOf(parseVersionsEnv((await this.files.readText(this.config.versionsFile)) ?? '').values);
  }
}
