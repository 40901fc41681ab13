import { Schema1795478400000 } from './1795478400000-schema';
import { RunLaunch1795532400000 } from './1795532400000-run-launch';

/** Every migration, oldest first, as an explicit list: globs break in a bundle. */
export const migrations = [Schema1795478400000, RunLaunch1795532400000];

/** As TypeORM records them in the table `migrations`. */
export const migrationNames: readonly string[] = migrations.map((migration) => new migration().name);
