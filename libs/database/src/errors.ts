/**
 * The database file is not one that this version may open: damaged, of a newer version, or not AiKore's. It was not
 * touched. The program ends with exit code 3; the message tells a person what to do.
 */
export class DatabaseRefusedError extends Error {
  override readonly name = 'DatabaseRefusedError';
  readonly exitCode = 3;
}

/** Another server works on the same data folder. */
export class DataDirLockedError extends Error {
  override readonly name = 'DataDirLockedError';

  /** @param pid of the holder; null when it could not be read. */
  constructor(
    dataDir: string,
    readonly pid: number | null,
  ) {
    super(
      `Another AiKore server${pid === null ? '' : ` (pid ${pid})`} works with the data folder ${dataDir}. ` +
        'Stop it first, or give this one another folder with AIKORE_DATA_DIR.',
    );
  }
}
