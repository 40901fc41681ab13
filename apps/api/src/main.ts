// The entry says to the runtime what must be said before any package is loaded; the program comes after it.
import { setFlagsFromString } from 'node:v8';

// libuv reads this once, when its pool is first used. With the default of 4 threads a handful of password hashes keep
// every file operation waiting (SECURITY: fact 12).
// eslint-disable-next-line no-restricted-properties -- set for libuv, not read as configuration
process.env['UV_THREADPOOL_SIZE'] ??= '16';

// Loading the packages fills the young generation, which V8 then doubles again and again and never gives back.
setFlagsFromString('--semi-space-growth-factor=1');
const { readConfig } = await import('./read-config');
const config = readConfig();
// Most of a start is the loading of packages: who made a mistake in the configuration does not wait for that.
if (config === null) process.exit(1);
const { run } = await import('./program');
await run(config, () => setFlagsFromString('--semi-space-growth-factor=2'));

export {};
