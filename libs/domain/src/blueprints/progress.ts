import type { Progress } from '@aikore/contract';

const maxText = 200;
const maxSteps = 1_000_000;
// Escape sequences of terminals (ECMA-48 CSI), then whatever other control characters there are.
const escapes = /\u001b\[[0-?]*[ -/]*[@-~]/g;
const controls = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+/gu;

/**
 * One line of a run's progress file: `phase TAB step TAB steps TAB text`, and optionally `TAB nn%` for how far the
 * step itself is. Written by the functions of `blueprints/lib/aikore.sh`, or by anything that can append a line.
 *
 * Numbers are clamped (`step` to `steps`, where `steps` is known, that is above 0) and the text is cut to 200
 * characters without control characters. A line that is not progress gives null, whatever it holds.
 */
export function parseProgressLine(line: string): Progress | null {
  const [phase, step, steps, ...rest] = line
    .slice(0, 8192)
    .replace(/\r?\n$/, '')
    .split('\t');
  if (phase !== 'install' && phase !== 'launch') return null;
  const total = wholeNumber(steps);
  const reached = wholeNumber(step);
  if (total === null || reached === null) return null;
  const part = rest.length > 1 ? percentage(rest.at(-1) ?? '') : null;
  const text = rest
    .slice(0, part === null ? undefined : -1)
    .join(' ')
    .replace(escapes, '')
    .replace(controls, ' ')
    .trim();
  return {
    phase,
    step: total > 0 ? Math.min(reached, total) : reached,
    steps: total,
    text: [...text].slice(0, maxText).join(''),
    ...(part === null ? {} : { part }),
  };
}

/** Whole numbers only, clamped to 0..1,000,000; null for anything else. */
function wholeNumber(text: string | undefined): number | null {
  if (text === undefined || !/^ *-?\d+ *$/.test(text)) return null;
  return Math.min(Math.max(Number(text), 0), maxSteps);
}

function percentage(text: string): number | null {
  const [, digits] = /^(\d{1,3})%$/.exec(text) ?? [];
  return digits === undefined ? null : Math.min(Number(digits), 100) / 100;
}
