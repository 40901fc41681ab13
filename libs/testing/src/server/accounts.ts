import { createHash, randomBytes } from 'node:crypto';
import type { Role } from '@aikore/contract';
import sqlite3 from 'sqlite3';

/** Run one statement on a database file that no server has open. */
export function runSql(file: string, sql: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
  return new Promise((resolve, reject) => {
    const db = new sqlite3.Database(file, (failed) => {
      if (failed) return reject(failed);
      db.all(sql, [...values], (error: Error | null, rows: Record<string, unknown>[]) => {
        db.close(() => (error ? reject(error) : resolve(rows)));
      });
    });
  });
}

/**
 * Make a user of a role with an API token, straight in the database: there is no route yet that makes a second user.
 * The server must not run; it reads users and tokens at its start.
 *
 * @returns the token
 */
export async function addAccount(database: string, username: string, role: Role): Promise<string> {
  const now = new Date().toISOString();
  await runSql(database, 'INSERT INTO users (username, password_hash, role, created_at) VALUES (?, ?, ?, ?)', [
    username,
    '$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LWxvZ3MtaW4$nobody',
    role,
    now,
  ]);
  const [user] = await runSql(database, 'SELECT id FROM users WHERE username = ?', [username]);
  const [id, secret] = [randomBytes(8).toString('hex'), randomBytes(32).toString('base64url')];
  const hash = createHash('sha256').update(secret).digest('base64url');
  await runSql(database, 'INSERT INTO api_tokens (id, user_id, name, secret_hash, created_at) VALUES (?, ?, ?, ?, ?)', [
    id,
    user?.['id'],
    `${username}'s`,
    hash,
    now,
  ]);
  return `aik_${id}_${secret}`;
}
