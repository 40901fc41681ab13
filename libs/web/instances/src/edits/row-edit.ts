import { waitsForStart, type Instance, type RestartPolicy, type UpdateInstance } from '@aikore/contract';

/** What a row lets a person edit. Empty text stands for null: auto, all GPUs. */
export interface RowValues {
  readonly name: string;
  readonly base_blueprint: string;
  readonly python_version: string;
  readonly cuda_version: string;
  readonly torch_version: string;
  readonly output_path: string;
  readonly gpu_ids: string;
  readonly autostart: boolean;
  readonly restart_policy: RestartPolicy;
  readonly persistent_mode: boolean;
  readonly use_custom_hostname: boolean;
  readonly hostname: string;
  readonly port: number | null;
}
export type RowField = keyof RowValues;
/** What is wrong with a row's values, by field; the empty key is for the row as a whole. */
export type RowProblems = Partial<Record<RowField | '', string>>;

/** Words for people. */
export const fieldNames: Record<RowField, string> = {
  name: 'Name',
  base_blueprint: 'Blueprint',
  python_version: 'Python',
  cuda_version: 'CUDA',
  torch_version: 'Torch',
  output_path: 'Output path',
  gpu_ids: 'GPUs',
  autostart: 'Autostart',
  restart_policy: 'Restart policy',
  persistent_mode: 'Persistent UI',
  use_custom_hostname: 'Custom address',
  hostname: 'Host name',
  port: 'Port',
};

/** An edit of one row: the new values, and what stood there when each was first changed. */
export interface RowEdit {
  readonly mine: Partial<RowValues>;
  readonly base: Partial<RowValues>;
}
export interface Conflict {
  readonly field: RowField;
  readonly mine: RowValues[RowField];
  readonly theirs: RowValues[RowField];
}
const noEdit: RowEdit = { mine: {}, base: {} };

/** The editable values of an instance. */
export const valuesOf = (instance: Instance): RowValues => ({
  name: instance.name,
  base_blueprint: instance.base_blueprint,
  python_version: instance.python_version ?? '',
  cuda_version: instance.cuda_version ?? '',
  torch_version: instance.torch_version ?? '',
  output_path: instance.output_path ?? '',
  gpu_ids: instance.gpu_ids ?? '',
  autostart: instance.autostart,
  restart_policy: instance.restart_policy,
  persistent_mode: instance.persistent_mode,
  use_custom_hostname: instance.use_custom_hostname,
  hostname: instance.hostname ?? '',
  // A persistent instance's own port is inside of its desktop.
  port: instance.persistent_mode ? instance.persistent_port : instance.port,
});

/** The edit with one more value; null when nothing differs from what stood there. */
export function changeField<F extends RowField>(
  edit: RowEdit | undefined,
  live: RowValues,
  field: F,
  value: RowValues[F],
): RowEdit | null {
  const { mine, base } = edit ?? noEdit;
  const before = field in base ? base[field] : live[field];
  if (value === before) return dropField(edit, field);
  return { mine: { ...mine, [field]: value }, base: { ...base, [field]: before } };
}

/** The edit without a field; null when nothing is left. */
export function dropField(edit: RowEdit | undefined, field: RowField): RowEdit | null {
  const { [field]: _mine, ...mine } = edit?.mine ?? {};
  const { [field]: _base, ...base } = edit?.base ?? {};
  return Object.keys(mine).length > 0 ? { mine, base } : null;
}

/** Keeps the person's value although another one was saved meanwhile. */
export function keepMine(edit: RowEdit, live: RowValues, field: RowField): RowEdit {
  return { ...edit, base: { ...edit.base, [field]: live[field] } };
}

/** Fields that somebody else changed to something else since the edit began. */
export function conflictsOf(edit: RowEdit, live: RowValues): Conflict[] {
  return editedFields(edit)
    .filter((field) => live[field] !== edit.base[field] && live[field] !== edit.mine[field])
    .map((field) => ({ field, mine: edit.mine[field] as RowValues[RowField], theirs: live[field] }));
}

export const editedFields = (edit: RowEdit): RowField[] => Object.keys(edit.mine) as RowField[];

/** What differs from the server's values now, as the PATCH request; null when nothing does. */
export function patchOf(edit: RowEdit, live: RowValues, revision: number): UpdateInstance | null {
  const changed = editedFields(edit).filter((field) => edit.mine[field] !== live[field]);
  if (changed.length === 0) return null;
  const entries = changed.map((field) => [field, toWire(field, edit.mine[field])]);
  return { ...(Object.fromEntries(entries) as UpdateInstance), revision };
}

/** A value as the contract wants it. */
export function toWire(field: RowField, value: RowValues[RowField] | undefined): unknown {
  const required = field === 'name' || field === 'base_blueprint';
  if (typeof value !== 'string') return value ?? null;
  const text = value.trim();
  return text === '' && !required ? null : text;
}

/** `Port: 19001 → 19003`, one per edited field. */
export function describeEdit(edit: RowEdit, live: RowValues): string[] {
  return editedFields(edit).map(
    (field) => `${fieldNames[field]}: ${showValue(field, live[field])} → ${showValue(field, edit.mine[field])}`,
  );
}

/** A value for people. */
export function showValue(field: RowField, value: RowValues[RowField] | undefined): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (value === null || value === undefined || value === '') return emptyWord(field);
  return String(value);
}

function emptyWord(field: RowField): string {
  if (field === 'gpu_ids') return 'all';
  if (field === 'hostname') return 'none';
  return field === 'output_path' ? 'as the name' : 'auto';
}

/**
 * True when a running app gets the change only at its next start. A new name nearly always means a new slug; the few
 * times it does not, a person was asked once too often.
 */
export const editNeedsRestart = (edit: RowEdit): boolean =>
  waitsForStart(editedFields(edit).map((field) => (field === 'name' ? 'slug' : field)));
