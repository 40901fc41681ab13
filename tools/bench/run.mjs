// Bundles one benchmark and runs it: node tools/bench/run.mjs NAME [its arguments]
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { bundle } from '../build/bundle.mjs';

const [name, ...rest] = process.argv.slice(2);
// Inside the workspace, so that the packages are found.
const outfile = `node_modules/.cache/bench/${name}-${process.pid}.mjs`;
await bundle({ entry: `tools/bench/${name}.bench.ts`, outfile });
const { status } = spawnSync(process.execPath, ['--enable-source-maps', outfile, ...rest], { stdio: 'inherit' });
rmSync(outfile, { force: true });
rmSync(`${outfile}.map`, { force: true });
process.exit(status ?? 1);
