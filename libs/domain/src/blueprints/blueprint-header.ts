import type { Blueprint } from '@aikore/contract';
import { headerKeys } from './header-keys';

/** What a blueprint's own text says about it. `problem` is a sentence when its header is broken. */
export type BlueprintHeader = Omit<Blueprint, 'filename' | 'source' | 'shadows' | 'usable'>;

/** Only this much of a blueprint is looked at: characters for the parser, bytes for whoever reads the file. */
export const headerLimit = 64 * 1024;

const startMark = '### AIKORE-METADATA-START ###';
const endMark = '### AIKORE-METADATA-END ###';
const entry = /^#\s*aikore\.([^\s=]+)\s*(?:=\s*(.*))?$/;

class BrokenHeader extends Error {}

/** The header of a blueprint that says nothing about itself; its name is the file's, without `.sh`. */
export const defaultHeader = (filename: string): BlueprintHeader => ({
  name: filename.replace(/\.sh$/, ''),
  category: 'Other',
  description: '',
  venv_type: 'conda',
  venv_path: './env',
  persistent_mode: false,
  needs_gpu: false,
  base_path: false,
  start_timeout: 180,
  health_path: '/',
  problem: null,
});

/**
 * Reads the block of `# aikore.key = value` lines between the START and END marks (the first block counts).
 *
 * A blueprint without a block gets the defaults. So does one whose block is broken (no END, a value that does not fit,
 * a key given twice), with the line and the reason in `problem`: a half-read header would be a surprise. Unknown keys
 * and other lines are passed over, so that a newer blueprint works on an older server.
 *
 * @param text the blueprint, or its first `headerLimit` bytes
 * @param filename names the blueprint when it does not name itself
 */
export function parseBlueprintHeader(text: string, filename: string): BlueprintHeader {
  const header = defaultHeader(filename);
  try {
    return { ...header, ...readBlock(text.slice(0, headerLimit)) };
  } catch (error) {
    if (!(error instanceof BrokenHeader)) throw error;
    return { ...header, problem: error.message };
  }
}

function readBlock(text: string): Partial<BlueprintHeader> {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.trim());
  const start = lines.indexOf(startMark);
  if (start < 0) return {};
  const end = lines.indexOf(endMark, start);
  if (end < 0) {
    throw new BrokenHeader(
      `Line ${start + 1} begins the header, but no line "${endMark}" ends it within the first 64 KiB.`,
    );
  }
  const firstLineOf = new Map<string, number>();
  const fields: Partial<BlueprintHeader> = {};
  for (let index = start + 1; index < end; index += 1) readLine(lines[index] ?? '', index + 1, firstLineOf, fields);
  return fields;
}

function readLine(line: string, number: number, firstLineOf: Map<string, number>, fields: Partial<BlueprintHeader>) {
  const [, key, written] = entry.exec(line) ?? [];
  const read = key === undefined ? undefined : headerKeys.get(key);
  if (key === undefined || !read) return;
  const label = `Line ${number}: aikore.${key}`;
  if (written === undefined) throw new BrokenHeader(`${label} has no "=" and value.`);
  const first = firstLineOf.get(key);
  if (first !== undefined) throw new BrokenHeader(`${label} was given on line ${first} already.`);
  firstLineOf.set(key, number);
  const value = unquote(written.trim());
  if (value === '') return;
  const result = read(value);
  if ('problem' in result) throw new BrokenHeader(`${label} ${result.problem}.`);
  Object.assign(fields, { [key]: result.value });
}

function unquote(value: string): string {
  const [, , inner] = /^(["'])(.*)\1$/.exec(value) ?? [];
  return inner === undefined ? value : inner.trim();
}
