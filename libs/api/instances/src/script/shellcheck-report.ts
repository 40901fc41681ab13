import { scriptFinding, type ScriptFinding } from '@aikore/contract';
import * as z from 'zod';

/** The output of `shellcheck --format=json1`, which counts a tab as one column. */
const report = z.object({
  comments: z.array(
    z
      .object({
        line: z.number(),
        column: z.number(),
        endLine: z.number(),
        endColumn: z.number(),
        level: scriptFinding.shape.level,
        code: z.number(),
        message: z.string(),
      })
      .transform(({ endLine, endColumn, ...rest }): ScriptFinding => ({
        ...rest,
        end_line: endLine,
        end_column: endColumn,
      })),
  ),
});

/** More than a person reads; a broken script can have thousands. */
const mostFindings = 500;

/** @returns null when it is not what ShellCheck writes */
export function parseShellcheck(output: string): ScriptFinding[] | null {
  try {
    return report.parse(JSON.parse(output)).comments.slice(0, mostFindings);
  } catch {
    return null;
  }
}
