import type { PortRange } from '@aikore/domain';
import type { QueryRunner } from 'typeorm';

/** What a migration may know about this start. TypeORM makes migrations itself, so it travels in `extra`. */
export interface MigrationContext {
  portRange: PortRange;
  now: () => Date;
}

export const migrationContext = (runner: QueryRunner): MigrationContext =>
  (runner.connection.options as { extra: MigrationContext }).extra;
