import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

function findRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'nx.json'))) return folder;
    if (folder === dirname(folder)) throw new Error(`${from} is in no Nx workspace.`);
  }
}

/** Root of the workspace that the tests were started in. */
export const workspaceRoot = findRoot(process.cwd());

/** The built server. `AIKORE_TEST_SERVER` names another bundle, such as one that no other build replaces meanwhile. */
export const serverBundle = process.env['AIKORE_TEST_SERVER'] ?? join(workspaceRoot, 'dist/apps/api/main.mjs');

/** Fixture databases of older versions, and what stands in them (`fixtures.json`). */
export const legacyFixturesDir = join(workspaceRoot, 'libs/database/test/fixtures');
