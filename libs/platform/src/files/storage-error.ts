/** Why the storage refused, in the classes that need different actions from a person. */
export type StorageProblem =
  'full' | 'io' | 'read_only' | 'denied' | 'missing' | 'exists' | 'link' | 'not_a_file' | 'other_device' | 'other';

const problems: Record<string, StorageProblem> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EIO: 'io',
  EROFS: 'read_only',
  EACCES: 'denied',
  EPERM: 'denied',
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  EEXIST: 'exists',
  ENOTEMPTY: 'exists',
  ELOOP: 'link',
  EISDIR: 'not_a_file',
  EXDEV: 'other_device',
};

const sentences: Record<StorageProblem, (path: string, code: string | null) => string> = {
  full: (path) => `The disk is full: ${path} could not be written. Free some space and try again.`,
  io: (path) => `The disk reports a hardware error at ${path}. Check the drive before writing more to it.`,
  read_only: (path) => `${path} is on a read-only file system. Mount it writable and try again.`,
  denied: (path) => `AiKore may not change ${path}. Check the owner and the permissions of the folder.`,
  missing: (path) => `${path} does not exist. Look whether it was moved or deleted, and put it back.`,
  exists: (path) => `${path} exists already. Move it away, or choose another name.`,
  link: (path) =>
    `${path} is a link, and links are not followed there. Put what it leads to in its place, or remove it.`,
  not_a_file: (path) =>
    `${path} is something else than a file, such as a folder or a pipe. Move it away and try again.`,
  other_device: (path) =>
    `${path} is on another file system, so it cannot be moved there in one step. Move it by hand.`,
  other: (path, code) =>
    `${path} could not be changed${code ? ` (${code})` : ''}. Check the folder and the disk that it is on, then try again.`,
};

/** A file operation failed; `message` is a sentence for a person, `cause` is the system's own error. */
export class StorageError extends Error {
  override readonly name = 'StorageError';

  constructor(
    readonly problem: StorageProblem,
    readonly path: string,
    /** The errno name (`ENOSPC`, …) or null when the system gave none. */
    readonly code: string | null = null,
    options?: { cause?: unknown },
  ) {
    super(sentences[problem](path, code), options);
  }

  /** Turns whatever a `node:fs` call threw into a StorageError about `path`. */
  static from(cause: unknown, path: string): StorageError {
    if (cause instanceof StorageError) return cause;
    const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : null;
    return new StorageError((code && problems[code]) || 'other', path, code, { cause });
  }
}

/** A name from outside pointed out of the folder it must stay in. */
export class PathEscapeError extends Error {
  override readonly name = 'PathEscapeError';

  constructor(
    readonly relative: string,
    message = 'This path is not allowed: it must be relative and stay inside its folder.',
  ) {
    super(message);
  }

  /** For a link on the way. @param target where it leads, with all links followed; null: nowhere, or to itself */
  static link(relative: string, link: string, target: string | null, root: string): PathEscapeError {
    const message =
      target === null
        ? `${link} is a link that leads nowhere. Bring back what it led to, or remove the link.`
        : `${link} is a link to ${target}, outside of ${root}. Move that here in place of the link, or mount it here (mount --bind).`;
    return new PathEscapeError(relative, message);
  }
}
