import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs remember what they were started with, and when their app first answered. */
export class RunLaunch1795532400000 implements MigrationInterface {
  readonly name = 'RunLaunch1795532400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE runs ADD COLUMN ready_at TEXT');
    await runner.query('ALTER TABLE runs ADD COLUMN launch TEXT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE runs DROP COLUMN launch');
    await runner.query('ALTER TABLE runs DROP COLUMN ready_at');
  }
}
