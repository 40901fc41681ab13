import sqlite3 from 'sqlite3';

export type SqlValue = string | number | Buffer | null;
export type SqlRow = Record<string, SqlValue>;

/** Bare SQLite, for what happens before TypeORM may open the file: checking, backing up, locking. */
export class RawConnection {
  private constructor(
    private readonly db: sqlite3.Database,
    private readonly onStatement?: (sql: string) => void,
  ) {}

  /** Opens an existing file. Rejects with SQLite's error, whose `code` is such as `SQLITE_CANTOPEN`. */
  static open(
    file: string,
    { create = false, onStatement }: { create?: boolean; onStatement?: (sql: string) => void } = {},
  ): Promise<RawConnection> {
    const flags = sqlite3.OPEN_READWRITE | (create ? sqlite3.OPEN_CREATE : 0);
    return new Promise((resolve, reject) => {
      const db: sqlite3.Database = new sqlite3.Database(file, flags, (error) =>
        error ? reject(error) : resolve(new RawConnection(db, onStatement)),
      );
    });
  }

  all(sql: string, parameters: readonly SqlValue[] = []): Promise<SqlRow[]> {
    this.onStatement?.(sql);
    return new Promise((resolve, reject) => {
      this.db.all<SqlRow>(sql, parameters, (error, rows) => (error ? reject(error) : resolve(rows)));
    });
  }

  close(): Promise<void> {
    return new Promise((resolve, reject) => this.db.close((error) => (error ? reject(error) : resolve())));
  }
}

/** SQLite's error code, such as `SQLITE_BUSY`; undefined for any other error. */
export const sqliteCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
