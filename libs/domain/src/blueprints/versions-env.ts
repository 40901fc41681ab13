/** Variables of a `versions.env`, and a sentence for each line that was passed over. */
export interface VersionsEnv {
  readonly values: Readonly<Record<string, string>>;
  readonly problems: readonly string[];
}

const assignment = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/;
const quoted = /^(["'])(.*?)\1\s*(?:#.*)?$/;

/**
 * Reads `KEY=value` and `export KEY="value"` lines; `#` begins a comment, the last value of a key counts.
 *
 * The values are data: nothing is expanded or run, so `$X` and backquotes stay as they are written.
 */
export function parseVersionsEnv(text: string): VersionsEnv {
  const values = new Map<string, string>();
  const problems: string[] = [];
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  lines.forEach((line, index) => {
    const content = line.trim();
    if (content === '' || content.startsWith('#')) return;
    const [, key, written] = assignment.exec(content) ?? [];
    const value = written === undefined ? null : readValue(written);
    if (key === undefined || value === null) problems.push(`Line ${index + 1} is not of the form KEY=value.`);
    else values.set(key, value);
  });
  return { values: Object.fromEntries(values), problems };
}

/** As a shell would take it, without expansion; null when quotes are not closed or the value has several words. */
function readValue(written: string): string | null {
  const [, , inner] = quoted.exec(written) ?? [];
  if (inner !== undefined) return inner;
  const bare = written.replace(/(^|\s)#.*$/, '').trim();
  return /["'\s]/.test(bare) ? null : bare;
}
