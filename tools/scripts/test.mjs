// npm test. Kept to Node 14's syntax, see start.mjs.
import { tooOld } from './lib/node-version.mjs';

const problem = tooOld();
if (problem) {
  console.error(problem);
  process.exitCode = 1;
} else {
  import('./lib/test-everything.mjs').then((program) => program.main(process.argv.slice(2)));
}
