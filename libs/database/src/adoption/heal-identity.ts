import { instanceName } from '@aikore/contract';
import { deriveDirectory, deriveSlug, maxSlugLength, uniqueName } from '@aikore/domain';
import { shown, type AdoptionNote } from './adoption-note';
import type { LegacyRow } from './legacy-rows';
import type { RowReader } from './row-reader';

/** Keeps the ids; gives the rows without a usable one new ids after the highest. Returns one id for each row. */
export function healIds(rows: readonly LegacyRow[], notes: AdoptionNote[]): number[] {
  const kept = new Set<number>();
  const ids = rows.map(({ id }) => {
    const usable = typeof id === 'number' && Number.isSafeInteger(id) && id > 0 && !kept.has(id);
    if (usable) kept.add(id);
    return usable ? id : null;
  });
  let last = Math.max(0, ...kept);
  return ids.map((id, index) => {
    if (id !== null) return id;
    last += 1;
    const old = shown(rows[index]?.['id'] ?? null);
    const reason = 'It was no positive whole number, or another instance has it.';
    notes.push({ instance_id: last, field: 'id', old_value: old, new_value: String(last), reason });
    return last;
  });
}

/** What `instanceName` of the contract refuses: controls, line breaks, and invisible format characters but joiners. */
const control = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|[^\P{Cf}\u200c\u200d]/gu;
const maxNameLength = 64;

/** Names as they stand, where they are valid and not doubled; in the order of `readers`. */
export function healNames(readers: readonly RowReader[]): string[] {
  const texts = readers.map((reader) => reader.text('name') ?? '');
  const taken = new Set<string>();
  const kept = texts.map((text) => {
    const keep = instanceName.safeParse(text).success && !taken.has(text);
    if (keep) taken.add(text);
    return keep;
  });
  return readers.map((reader, index) => {
    const text = texts[index] ?? '';
    if (kept[index]) return text;
    const doubled = taken.has(text);
    const name = uniqueName(doubled ? text : validName(text, reader.id), taken, maxNameLength);
    taken.add(name);
    reader.note(
      'name',
      reader.raw('name'),
      name,
      doubled ? 'Another instance has this name.' : 'It was no valid name.',
    );
    return name;
  });
}

function validName(text: string, id: number): string {
  const clean = [...text.replace(control, '').normalize('NFC').trim()].slice(0, maxNameLength).join('').trim();
  return instanceName.safeParse(clean).success ? clean : `instance-${id}`;
}

/**
 * The original used the name as the folder name: that very text is kept when it is one safe path component, valid name
 * or not, device name of Windows or not, because the folder is there.
 */
export function healDirectories(readers: readonly RowReader[], names: readonly string[]): string[] {
  const taken = new Set<string>();
  const kept = readers.map((reader) => {
    const folder = reader.raw('name');
    if (typeof folder !== 'string' || !isSafeComponent(folder) || taken.has(folder)) return null;
    taken.add(folder);
    return folder;
  });
  return readers.map((reader, index) => {
    const folder = kept[index];
    if (folder != null) return folder;
    const directory = uniqueName(deriveDirectory(names[index] ?? ''), taken);
    taken.add(directory);
    reader.note(
      'directory',
      reader.raw('name'),
      directory,
      'The old folder name is no single safe one, or another instance has it. Move the files there.',
    );
    return directory;
  });
}

/** Bytes that ext4, xfs, btrfs and the like allow in a name (NAME_MAX, limits.h). */
const maxComponentBytes = 255;

const isSafeComponent = (text: string): boolean =>
  text !== '' && !text.startsWith('.') && !/[/\0]/.test(text) && Buffer.byteLength(text) <= maxComponentBytes;

export function deriveSlugs(readers: readonly RowReader[], names: readonly string[]): string[] {
  const taken = new Set<string>();
  return readers.map((reader, index) => {
    const base = deriveSlug(names[index] ?? '');
    const slug = uniqueName(base, taken, maxSlugLength);
    taken.add(slug);
    if (slug !== base) reader.note('slug', base, slug, 'Another instance has this address.');
    return slug;
  });
}
