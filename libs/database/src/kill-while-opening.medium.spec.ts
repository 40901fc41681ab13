import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DataSource } from 'typeorm';
import { ChildProgram } from '../test/child-program';
import { legacyVersions, Workspace } from '../test/workspace';

/** Every row of every table. The order of ids is the order of writing, so it is part of the result. */
async function contentOf(dataSource: DataSource): Promise<Record<string, unknown>> {
  const tables = (await dataSource.query(
    "SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'index') ORDER BY type, name",
  )) as { name: string; sql: string | null }[];
  const content: Record<string, unknown> = { schema: tables };
  for (const { name, sql } of tables.filter((table) => table.sql?.startsWith('CREATE TABLE'))) {
    content[name] = sql && (await dataSource.query(`SELECT * FROM "${name}"`));
  }
  return content;
}

/** Every statement; of the versions between, which differ in columns only, 30 spread over all. */
function pointsOf(version: number, statements: number): number[] {
  const all = Array.from({ length: statements }, (_value, index) => index + 1);
  if (![2, 3, 4, 5].includes(version)) return all;
  return Array.from({ length: 30 }, (_value, n) => Math.ceil(((n + 1) * statements) / 30));
}

/** Children at a time. */
const width = 2;

describe('killed while opening', () => {
  let child: ChildProgram;
  let space: Workspace;
  beforeAll(async () => {
    child = await ChildProgram.compile('open-until');
  });
  afterAll(() => child.remove());
  beforeEach(async () => {
    space = await Workspace.make();
  });
  afterEach(() => space.remove());

  const put = (where: Workspace, version: number) => (version === 0 ? Promise.resolve() : where.putLegacy(version));

  /** What an undisturbed start makes of it, and in how many statements. */
  async function reference(version: number): Promise<{ statements: number; content: unknown }> {
    await put(space, version);
    let statements = 0;
    const { dataSource } = await space.open({ onStatement: () => (statements += 1) });
    return { statements, content: await contentOf(dataSource) };
  }

  async function killAndRerun(version: number, at: number, expected: unknown): Promise<void> {
    const own = await Workspace.make();
    try {
      await put(own, version);
      const { now, ...options } = own.options;
      const moment = at % 2 === 0 ? 'before' : 'during';
      const end = await child.start({ options, now: now?.().toISOString(), at, moment }).ended;
      expect({ at, end }).toEqual({ at, end: 'SIGKILL' });
      const { dataSource } = await own.open();
      expect({ at, content: await contentOf(dataSource) }).toEqual({ at, content: expected });
    } finally {
      await own.remove();
    }
  }

  it.each([0, ...legacyVersions])(
    'at any statement, a start from version %i (0: nothing) carries on',
    async (version) => {
      const { statements, content } = await reference(version);
      expect(statements).toBeGreaterThan(version === 0 ? 20 : 30);
      const points = pointsOf(version, statements);
      const worker = async () => {
        for (let at = points.shift(); at !== undefined; at = points.shift()) await killAndRerun(version, at, content);
      };
      await Promise.all(Array.from({ length: width }, worker));
    },
    180_000,
  );
});
