/** Frees the disk space of the oldest part of a file while its other bytes keep their offsets. */
export abstract class HolePuncher {
  /**
   * Frees the first `bytes` bytes; they read as NUL afterwards.
   *
   * @param path  absolute
   * @param bytes a multiple of the file system's block size
   * @throws when the file system or the machine cannot do it
   */
  abstract punch(path: string, bytes: number): Promise<void>;
}
