import { duration, say } from './steps.mjs';

/**
 * Run the checks one after the other, all of them, and end with a table and one line of totals.
 *
 * @param {import('./checks.mjs').Check[]} checks
 * @returns {Promise<boolean>} nothing failed
 */
export async function runChecks(checks) {
  const begun = performance.now();
  const rows = [];
  for (const [index, check] of checks.entries()) {
    say(`\n━━ ${index + 1}/${checks.length} ${check.title}`);
    const started = performance.now();
    rows.push({ title: check.title, ...(await attempt(check)), ms: performance.now() - started });
  }
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
  say(`\n${table(rows)}\n  in ${duration(performance.now() - begun)}\n`);
  const skipped = sum('skipped');
  say(`${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  return sum('failed') === 0;
}

async function attempt(check) {
  try {
    return await check.run();
  } catch (error) {
    return { passed: 0, failed: 1, skipped: 0, note: error.message };
  }
}

function table(rows) {
  const width = Math.max(...rows.map(({ title }) => title.length));
  return rows
    .map(({ title, passed, failed, skipped, ms, note }) => {
      const mark = failed > 0 ? '✗' : passed > 0 ? '✓' : '-';
      const counts = `${number(passed)} passed ${number(failed)} failed ${number(skipped)} skipped`;
      return `  ${mark} ${title.padEnd(width)} ${counts} ${duration(ms).padStart(12)}${note ? `  ${note}` : ''}`;
    })
    .join('\n');
}

const number = (value) => String(value).padStart(5);
