// npm run check: what takes seconds, for every save.
import { format, lint, tests, types } from './lib/checks.mjs';
import { ensurePackages } from './lib/packages.mjs';
import { root } from './lib/programs.mjs';
import { runChecks } from './lib/run-checks.mjs';
import { command } from './lib/steps.mjs';

await command(async () => {
  process.chdir(root);
  await ensurePackages();
  if (!(await runChecks([format, lint, types, tests('small'), tests('web')]))) process.exitCode = 1;
});
