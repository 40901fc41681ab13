import type { QueryRunner } from 'typeorm';
import type { MigrationContext } from '../migration-context';
import type { LegacyRow } from './legacy-rows';

export function adopt(_runner: QueryRunner, _rows: LegacyRow[], _context: MigrationContext): Promise<void> {
  throw new Error('Databases of an older AiKore cannot be adopted yet.');
}
