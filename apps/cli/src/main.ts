import { runCli } from './cli';
import { NodeIo } from './node-io';

/** Put in by the build. */
declare const AIKORE_VERSION: string;

// Not `process.exit`: what was written to a pipe must still get there.
process.exitCode = await runCli(process.argv.slice(2), new NodeIo(), AIKORE_VERSION);
