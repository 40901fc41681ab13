import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { workspaceRoot } from '../workspace';

const program = join(workspaceRoot, 'libs/testing/src/fake-webui/fake-webui.mjs');

/** Flags of the fake WebUI (libs/testing/src/fake-webui); true for a flag without a value. */
export interface FakeWebuiFlags {
  /** Seconds before it listens; `never` leaves its port closed. */
  'ready-after'?: number | 'never';
  'ignore-term'?: boolean;
  /** Numbered lines per second. */
  spew?: number;
  /** Bytes of each of those lines, its line feed included; 14 at least. */
  width?: number;
  /** Seconds until it ends, with `exit-code`. */
  'exit-after'?: number;
  'exit-code'?: number;
  /** Answers with this status for `status-for` seconds. */
  status?: number;
  'status-for'?: number;
  /** A child in a session of its own, with this process gone between them. */
  'fork-child'?: boolean;
  nohup?: boolean;
  /** A child that ignores TERM and makes new processes until it is killed. */
  'fork-storm'?: boolean;
  /** Its children have an empty environment. */
  'clear-env'?: boolean;
  /** Text on the command line of everything it starts: the only sign of those with an empty environment. */
  mark?: string;
  /** Says nothing at all on its own. */
  quiet?: boolean;
  /** Seconds after which it prints one line, though it is quiet. */
  'speak-after'?: number;
}

/** Shell text that becomes the fake WebUI. */
export function fakeWebui(flags: FakeWebuiFlags = {}): string {
  const words = Object.entries(flags).flatMap(([name, value]) =>
    value === false ? [] : value === true ? [`--${name}`] : [`--${name}`, `'${String(value)}'`],
  );
  return `exec '${process.execPath}' '${program}' --port "$WEBUI_PORT" ${words.join(' ')}`;
}

/**
 * Write a custom blueprint into a data folder.
 *
 * @param filename such as `Counter.sh`
 * @param script   what follows the header: `fakeWebui(…)`, or any bash; bytes are written as they are
 * @param header   keys of the header block without `aikore.`
 */
export async function writeBlueprint(
  dataDir: string,
  filename: string,
  script: string | Uint8Array,
  header: Record<string, string | number> = {},
): Promise<string> {
  const folder = join(dataDir, 'custom_blueprints');
  await mkdir(folder, { recursive: true });
  const keys = Object.entries({ name: filename.replace(/\.sh$/, ''), venv_type: 'none', ...header });
  const head = [
    '#!/usr/bin/env bash',
    '### AIKORE-METADATA-START ###',
    ...keys.map(([key, value]) => `# aikore.${key} = ${value}`),
    '### AIKORE-METADATA-END ###',
    '',
  ].join('\n');
  await writeFile(join(folder, filename), Buffer.concat([Buffer.from(head), Buffer.from(script), Buffer.from('\n')]));
  return filename;
}
