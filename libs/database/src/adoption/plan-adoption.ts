import type { PortRange } from '@aikore/domain';
import { shown, type AdoptionNote } from './adoption-note';
import { healParents, placeFamilies } from './heal-family';
import { HostnameHealer, type AdoptedHostname } from './heal-hostnames';
import { deriveSlugs, healDirectories, healIds, healNames } from './heal-identity';
import { PortHealer, type AdoptedPorts } from './heal-ports';
import type { LegacyRow, LegacyTables } from './legacy-rows';
import { RowReader } from './row-reader';

/** What a row of the original becomes; what is not here has the default of the schema. */
export interface AdoptedInstance extends AdoptedPorts, AdoptedHostname {
  id: number;
  parent_instance_id: number | null;
  name: string;
  base_blueprint: string;
  gpu_ids: string | null;
  persistent_mode: boolean;
  output_path: string | null;
  autostart: boolean;
  python_version: string | null;
  cuda_version: string | null;
  torch_version: string | null;
  slug: string;
  directory: string;
  position: number;
}

/** Columns of the original's versions 1-6. */
const knownColumns = new Set(
  (
    'id parent_instance_id name base_blueprint gpu_ids autostart persistent_mode hostname use_custom_hostname ' +
    'output_path python_version cuda_version torch_version status pid port persistent_port persistent_display'
  ).split(' '),
);

/**
 * Decides what becomes of each row of an original AiKore's database. No row is dropped and each value is kept: in its
 * column, or, where that cannot be, in a note that says what it was, what it is now, and why.
 *
 * @param range public ports that the server may lease; others become Auto (null).
 */
export function planAdoption(
  legacy: LegacyTables,
  range: PortRange,
): { instances: AdoptedInstance[]; notes: AdoptionNote[] } {
  const notes: AdoptionNote[] = noteMeta(legacy);
  const readers = inOrder(legacy.instances, notes);
  const names = healNames(readers);
  const directories = healDirectories(readers, names);
  const slugs = deriveSlugs(readers, names);
  const parents = healParents(readers);
  const ids = readers.map(({ id }) => id);
  const positions = placeFamilies(ids, parents);
  const ports = new PortHealer(range);
  const hostnames = new HostnameHealer();
  const instances = readers.map((reader, index) => ({
    id: reader.id,
    parent_instance_id: parents[index] ?? null,
    name: names[index] ?? '',
    slug: slugs[index] ?? '',
    directory: directories[index] ?? '',
    position: positions[index] ?? 0,
    ...settingsOf(reader, ports, hostnames),
  }));
  readers.forEach(noteDropped);
  return { instances, notes };
}

function inOrder(rows: readonly LegacyRow[], notes: AdoptionNote[]): RowReader[] {
  const ids = healIds(rows, notes);
  return rows.map((row, index) => new RowReader(row, ids[index] ?? 0, notes)).sort((a, b) => a.id - b.id);
}

function settingsOf(reader: RowReader, ports: PortHealer, hostnames: HostnameHealer) {
  const persistent = reader.flag('persistent_mode');
  return {
    base_blueprint: blueprintOf(reader),
    gpu_ids: reader.text('gpu_ids'),
    persistent_mode: persistent,
    output_path: reader.text('output_path'),
    ...hostnames.heal(reader),
    autostart: reader.flag('autostart'),
    python_version: reader.text('python_version'),
    cuda_version: reader.text('cuda_version'),
    torch_version: reader.text('torch_version'),
    ...ports.heal(reader, persistent),
  };
}

function blueprintOf(reader: RowReader): string {
  const blueprint = reader.text('base_blueprint');
  if (blueprint === null) reader.note('base_blueprint', null, '', 'It had none: choose one.');
  return blueprint ?? '';
}

/** What has no place any more: how the old server last saw the instance, and columns that it never had. */
function noteDropped(reader: RowReader): void {
  const status = reader.raw('status');
  if (status !== 'stopped') reader.note('status', status, 'stopped', 'Nothing runs when a database is taken over.');
  const pid = reader.raw('pid');
  if (pid !== null) reader.note('pid', pid, null, 'It is a process of the old server.');
  for (const [column, value] of Object.entries(reader.row)) {
    if (!knownColumns.has(column) && value !== null) reader.note(column, value, null, 'AiKore has no such column.');
  }
}

function noteMeta({ version, meta }: LegacyTables): AdoptionNote[] {
  const file = (field: string, old_value: string | null, new_value: string | null, reason: string) => ({
    instance_id: null,
    field,
    old_value,
    new_value,
    reason,
  });
  const stamp = meta.find((row) => row['key'] === 'schema_version')?.['value'] ?? null;
  const others = meta.filter((row) => row['key'] !== 'schema_version');
  const notes = others.map((row) =>
    file(`aikore_meta.${shown(row['key'] ?? null)}`, shown(row['value'] ?? null), null, 'It is not used any more.'),
  );
  const stampOk = version === 1 ? stamp === null : shown(stamp) === String(version);
  return stampOk
    ? notes
    : [file('schema_version', shown(stamp), String(version), 'The columns say otherwise.'), ...notes];
}
