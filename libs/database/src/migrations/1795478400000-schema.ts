import type { MigrationInterface, QueryRunner } from 'typeorm';
import { adopt } from '../adoption/adopt';
import { takeLegacyTables } from '../adoption/legacy-rows';
import { migrationContext } from '../migration-context';
import { schemaV1 } from './schema-v1';

/** Makes the schema, and moves the rows of an original AiKore (versions 1-6) into it when the file has them. */
export class Schema1795478400000 implements MigrationInterface {
  readonly name = 'Schema1795478400000';

  async up(runner: QueryRunner): Promise<void> {
    const legacy = await takeLegacyTables(runner);
    for (const statement of schemaV1) await runner.query(statement);
    if (legacy) await adopt(runner, legacy, migrationContext(runner));
  }

  /** There is no way back but the backup: the old tables are gone. */
  down(): Promise<void> {
    return Promise.reject(new Error('Put the backup that was made before this migration back in place.'));
  }
}
