/** What `Files.writeFileAtomic` may be told. */
export interface WriteOptions {
  /** Permission bits of the new file; 0o600 by default. */
  mode?: number;
}

/**
 * Changes on disk that are whole or not at all. Every failure is a `StorageError`, with a sentence for a person,
 * except `PathEscapeError` from `resolveInside`.
 */
export abstract class Files {
  /**
   * The absolute, real path of `relative` under `root`; neither needs to exist beyond `root` itself.
   *
   * @throws PathEscapeError for an absolute path, `..`, NUL, or a symlink that leaves `root` (SECURITY.md P13)
   */
  abstract resolveInside(root: string, relative: string): Promise<string>;

  /** Replaces a file so that a reader, or a crash, sees the old content or the new one (SECURITY.md fact 7). */
  abstract writeFileAtomic(path: string, data: string | Uint8Array, options?: WriteOptions): Promise<void>;

  /** Makes a folder and its parents; fine when it is there. */
  abstract ensureDir(path: string): Promise<void>;

  /** Renames a folder on the same file system; refuses a target that exists (`exists`). */
  abstract moveDirectory(from: string, to: string): Promise<void>;

  /** Deletes a file or a whole folder, read-only parts included; symlinks are removed, never followed. */
  abstract removeTree(path: string): Promise<void>;

  /** True when something (a dangling symlink too) is at `path`. */
  abstract exists(path: string): Promise<boolean>;

  /** The content as UTF-8, or null when there is no such file. */
  abstract readText(path: string): Promise<string | null>;

  /** The bytes of a file, or null when there is no such file. */
  abstract read(path: string): Promise<Uint8Array | null>;

  /**
   * The first `limit` bytes of a regular file and its whole size, or null when there is no such file. Never waits, as
   * reading a pipe that somebody put in its place would.
   *
   * @throws StorageError also for what is no regular file
   */
  abstract readStart(path: string, limit: number): Promise<{ bytes: Uint8Array; size: number } | null>;

  /** Size in bytes and time of the last change (ms since 1970), or null when there is no such file. */
  abstract stat(path: string): Promise<{ size: number; modifiedAt: number } | null>;

  /** The names in a folder, sorted; empty when there is no such folder. */
  abstract list(path: string): Promise<string[]>;
}
