import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { until } from '../process/fixtures/run-bench';
import { GrowthWatch } from './growth-watch';

let folder: string;
let watch: GrowthWatch;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aikore-growth-'));
});
afterEach(async () => {
  watch.stop();
  await rm(folder, { recursive: true, force: true });
});

it('goes on looking where it cannot be told: a file that appears late is seen within seconds', async () => {
  const path = join(folder, 'late.log');
  let looks = 0;
  let size = 0;
  watch = new GrowthWatch(path, async () => {
    looks += 1;
    const before = size;
    size = (await stat(path)).size; // throws while there is none
    return size > before;
  });
  watch.start();
  await until(() => looks >= 10, 'it to become quiet');
  await writeFile(path, 'here\n');
  await until(() => size === 5, 'the growth', 5000);
});

it('looks rarely at a quiet file, and not at all once stopped', async () => {
  const path = join(folder, 'quiet.log');
  await writeFile(path, '');
  let looks = 0;
  watch = new GrowthWatch(path, async () => {
    looks += 1;
    return false;
  });
  watch.start();
  await until(() => looks >= 11, 'it to become quiet');
  const quiet = looks;
  const began = performance.now();
  await until(() => looks >= quiet + 2, 'two more looks', 5000);
  expect(performance.now() - began).toBeGreaterThan(900);
  watch.stop();
  const stopped = looks;
  await writeFile(path, 'more\n');
  await new Promise((resolve) => setImmediate(resolve));
  expect(looks).toBe(stopped);
});
