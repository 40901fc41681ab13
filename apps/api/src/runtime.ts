// The first import of the server: what must be said to the runtime before anything else runs.
import { setFlagsFromString } from 'node:v8';

// libuv reads this once, when its pool is first used. With the default of 4 threads a handful of password hashes keep
// every file operation waiting (SECURITY: fact 12).
// eslint-disable-next-line no-restricted-properties -- set for libuv, not read as configuration
process.env['UV_THREADPOOL_SIZE'] ??= '16';

// Loading the modules fills the young generation, which V8 then doubles and never gives back: 30 MiB for nothing
// (measured: 170 → 138 MiB idle). It may grow as usual once the server is up (`unhurriedHeap`).
setFlagsFromString('--semi-space-growth-factor=1');

/** To be called when the server is ready. */
export const unhurriedHeap = (): void => setFlagsFromString('--semi-space-growth-factor=2');
