import { lockDataDir } from '../../src';

/** Takes the lock of a data folder, says so, and stays. */
const { dataDir } = JSON.parse(process.argv[2] ?? '') as { dataDir: string };
await lockDataDir(dataDir);
process.stdout.write('held\n');
setInterval(() => undefined, 60_000);
