import { lstat, realpath } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';
import { PathEscapeError, StorageError } from './storage-error';

/** The parts of a relative path that stay below their root as text; the root itself is not one of them. */
export const safeSegments = (relative: string): string[] => {
  const segments = relative.split('/').filter((part) => part !== '' && part !== '.');
  const isUnsafe = isAbsolute(relative) || relative.includes('\0') || segments.includes('..') || segments.length === 0;
  if (isUnsafe) throw new PathEscapeError(relative);
  return segments;
};

/**
 * The absolute, real path of `relative` under `root`. What exists is resolved link by link; the rest is appended.
 *
 * @param root an existing folder
 * @throws PathEscapeError for an absolute path, `..`, NUL, the root itself (`''`, `.`), a symlink that leads out of
 *   `root`, and one that leads nowhere: a write through it would create its target
 * @throws StorageError when `root` is missing or a part may not be read
 */
export const resolveInside = async (root: string, relative: string): Promise<string> => {
  const segments = safeSegments(relative);
  try {
    const top = await realpath(root);
    let path = top;
    for (const [index, segment] of segments.entries()) {
      const next = join(path, segment);
      const stat = await lstat(next).catch(absent);
      if (!stat) return join(path, ...segments.slice(index));
      const target = stat.isSymbolicLink() ? await realpath(next).catch(() => null) : next;
      const isInside = target !== null && (target === top || target.startsWith(top === sep ? sep : top + sep));
      if (!isInside) throw PathEscapeError.link(relative, next, target, top);
      path = target;
    }
    return path;
  } catch (error) {
    throw error instanceof PathEscapeError ? error : StorageError.from(error, join(root, ...segments));
  }
};

const absent = (error: unknown): null => {
  if (StorageError.from(error, '').code === 'ENOENT') return null;
  throw error;
};
