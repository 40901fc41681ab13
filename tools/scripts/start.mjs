// npm start. This file and lib/node-version.mjs are read by whatever Node there is, so they keep to Node 14's syntax.
import { tooOld } from './lib/node-version.mjs';

const problem = tooOld();
if (problem) {
  console.error(problem);
  process.exitCode = 1;
} else {
  import('./lib/serve.mjs').then((program) => program.main(process.argv.slice(2)));
}
