import type { Stats } from 'node:fs';
import { lstat, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { PathEscapeError, StorageError } from './storage-error';

/** What a folder holds under a name; a link is followed. */
export interface FolderEntry {
  /** The real path. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'other';
  /** Another one after every change: of the content, the permissions (they count: it may be unreadable now), the place. */
  readonly stamp: string;
}

/**
 * Looks at an entry of a folder.
 *
 * @param name one name, without `/`
 * @returns null when there is no such entry
 * @throws PathEscapeError for a link that leaves the folder, StorageError for one that leads nowhere
 */
export const findEntry = async (folder: string, name: string): Promise<FolderEntry | null> => {
  const path = join(folder, name);
  const found = await lstat(path).catch(() => null);
  if (!found) return null;
  if (!found.isSymbolicLink()) return entryOf(path, found);
  try {
    const [target, root] = await Promise.all([realpath(path), realpath(folder)]);
    if (!target.startsWith(root + sep)) throw PathEscapeError.link(name, path, target, root);
    return entryOf(target, await stat(target));
  } catch (error) {
    throw error instanceof PathEscapeError ? error : StorageError.from(error, path);
  }
};

const entryOf = (path: string, stats: Stats): FolderEntry => ({
  path,
  kind: stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other',
  stamp: [path, stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs].join(':'),
});
