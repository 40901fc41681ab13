// The checks of the repository. Each is named, runs to its end whatever it finds, and answers with what it counted.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { local, output, root, run } from './programs.mjs';
import { Stop } from './steps.mjs';

/**
 * @typedef {{ passed: number, failed: number, skipped: number, note?: string }} Totals
 * @typedef {{ title: string, run: () => Promise<Totals> }} Check
 */

const passed = { passed: 1, failed: 0, skipped: 0 };
const failed = { passed: 0, failed: 1, skipped: 0 };
const skipped = (note) => ({ passed: 0, failed: 0, skipped: 1, note });

/** A program that passes when it ends with 0. */
const program = (title, ...commandLine) => ({
  title,
  run: async () => ((await run(commandLine)).code === 0 ? passed : failed),
});

export const format = program('format', local('prettier'), '--check', '--log-level', 'warn', '.');
/**
 * One process for all: its project service then loads each tsconfig once. The rule on who may import whom reads Nx's
 * project graph, and is silently skipped where there is none yet, as in a fresh clone: so the graph comes first.
 */
export const lint = {
  title: 'lint',
  run: async () => {
    const graph = await output([local('nx'), 'graph', `--file=${join('tmp', 'project-graph.json')}`]);
    if (graph.code !== 0) {
      process.stdout.write(`${graph.text}\n`);
      return failed;
    }
    return (await run([local('eslint'), '.', '--max-warnings', '0'])).code === 0 ? passed : failed;
  },
};
export const types = program('types', local('tsc'), '-p', 'tsconfig.json');
export const docs = program('generated docs', process.execPath, 'tools/scripts/docs.mjs', '--check');

/** The blueprints and every other script of ours for a shell. */
export const shell = {
  title: 'shell scripts',
  run: async () => {
    const { text } = await output(['git', 'ls-files', '-co', '--exclude-standard', '*.sh', '.ci/run']);
    const files = text.split('\n').filter(Boolean);
    return (await run(['shellcheck', '-x', '-S', 'warning', ...files])).code === 0 ? passed : failed;
  },
};

/** @param {'small' | 'medium' | 'web'} project of vitest.config.mts, over the whole repository */
export const tests = (project) => ({
  title: `${project} tests`,
  run: () =>
    withReport(async (file) => {
      const reports = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
      const { code } = await run([local('vitest'), 'run', '--project', project, '--passWithNoTests', ...reports]);
      return vitestTotals(readReport(file), code);
    }),
});

/** The console's components in a DOM (`*.dom.spec.ts`), built by Angular's compiler. */
export const components = {
  title: 'component tests',
  run: () =>
    withReport(async (file) => {
      const reports = [`--reporters=json`, `--outputFile=${file}`];
      const { code } = await run([local('nx'), 'run', 'web-components:components', ...reports]);
      return vitestTotals(readReport(file), code);
    }),
};

/** All three programs; the console's templates are type-checked by Angular's compiler on the way. */
export const build = {
  title: 'build',
  run: async () => {
    try {
      await ensureBuilt();
      return passed;
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      process.stdout.write(`${error.message}\n`);
      return failed;
    }
  },
};

/** The journeys in Chromium, against the built server. */
export const endToEnd = {
  title: 'end to end',
  run: () =>
    withReport(async (file) => {
      const { code } = await run([local('nx'), 'run', 'e2e:e2e', '--reporter=list,json'], {
        env: { PLAYWRIGHT_JSON_OUTPUT_FILE: file, PLAYWRIGHT_JSON_OUTPUT_NAME: file },
      });
      return playwrightTotals(readReport(file), code);
    }),
};

/** Known holes in what the server loads. Not counted against anybody who is offline. */
export const audit = {
  title: 'npm audit',
  run: async () => {
    const { text } = await output(['npm', 'audit', '--omit=dev', '--json']);
    const found = parse(text)?.metadata?.vulnerabilities;
    if (!found) return skipped('the registry did not answer');
    const note = `${found.critical} critical, ${found.high} high, ${found.moderate} moderate, ${found.low} low`;
    return found.critical + found.high > 0 ? { ...failed, note } : { ...passed, note };
  },
};

async function withReport(work) {
  const folder = mkdtempSync(join(tmpdir(), 'aikore-report-'));
  try {
    return await work(join(folder, 'report.json'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readReport(file) {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A file that could not even be loaded has no test in it that failed: it counts as one. */
function vitestTotals(report, code) {
  if (!report) return failed;
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const totals = {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken,
    skipped: report.numPendingTests + report.numTodoTests,
  };
  return withExitCode(totals, code);
}

function playwrightTotals(report, code) {
  if (!report) return failed;
  const { expected, unexpected, flaky, skipped } = report.stats;
  const note = flaky > 0 ? `${flaky} passed only when repeated` : undefined;
  return withExitCode({ passed: expected + flaky, failed: unexpected, skipped, note }, code);
}

/** An error outside of any test, such as an unhandled rejection, fails the run although every test passed. */
const withExitCode = (totals, code) =>
  code !== 0 && totals.failed === 0 ? { ...totals, failed: 1, note: `ended with ${code} outside of a test` } : totals;

/** False until the journeys have a target in apps/e2e. */
export const hasEndToEnd = () =>
  'e2e' in (JSON.parse(readFileSync(join(root, 'apps/e2e/project.json'), 'utf8')).targets ?? {});
