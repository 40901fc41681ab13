import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, truncate, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bytesOf, Workspace } from '../test/workspace';
import { DatabaseRefusedError } from './errors';

describe('a file that may not be opened', () => {
  let space: Workspace;
  beforeEach(async () => {
    space = await Workspace.make();
  });
  afterEach(() => space.remove());

  /** Opening is refused with a sentence that matches, and nothing in the folder is another afterwards. */
  async function expectRefused(sentence: RegExp): Promise<void> {
    const before = { files: await readdir(space.dir), bytes: bytesOf(space.file) };
    const error = await space.open().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DatabaseRefusedError);
    expect(error).toMatchObject({ exitCode: 3, message: expect.stringMatching(sentence) as string });
    expect({ files: await readdir(space.dir), bytes: bytesOf(space.file) }).toEqual(before);
  }

  /** A database of this version that is larger than a page per table. */
  async function putOurs(): Promise<void> {
    const { dataSource } = await space.open();
    const row = 'INSERT INTO settings WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)';
    await dataSource.query(`${row} SELECT 'key' || i, hex(zeroblob(200)) FROM n`);
    await space.closeAll();
  }

  /** Reproducible noise. */
  const noise = (length: number, seed: string): Buffer => {
    const blocks: Buffer[] = [];
    for (let n = 0; n * 32 < length; n += 1) blocks.push(createHash('sha256').update(`${seed}${n}`).digest());
    return Buffer.concat(blocks).subarray(0, length);
  };

  it.each(['random bytes', 'Not a database, but a text.\n', 'S'])('refuses %j', async (text) => {
    await writeFile(space.file, text === 'random bytes' ? noise(20_000, 'a') : text);
    await expectRefused(/is not an SQLite database.*Nothing was changed.*backups/);
  });

  it('refuses noise behind a good header', async () => {
    await space.putLegacy(6);
    const good = readFileSync(space.file);
    await writeFile(space.file, Buffer.concat([good.subarray(0, 100), noise(good.length - 100, 'b')]));
    await expectRefused(/is damaged/);
  });

  it.each([0.3, 0.5, 0.9])('refuses a file cut to %f of its length', async (part) => {
    await putOurs();
    await truncate(space.file, Math.floor(readFileSync(space.file).length * part));
    await expectRefused(/is damaged/);
  });

  it.each(['zeroes', 'noise', 'flipped bits'])('refuses a page of %s', async (kind) => {
    await putOurs();
    const bytes = readFileSync(space.file);
    const page = bytes.subarray(4096 * 12, 4096 * 13);
    if (kind === 'zeroes') page.fill(0);
    else if (kind === 'noise') noise(4096, 'c').copy(page);
    else page.forEach((byte, index) => (page[index] = byte ^ 0xff));
    await writeFile(space.file, bytes);
    await expectRefused(/is damaged/);
  });

  it('refuses a damaged file of the original’s', async () => {
    await space.putLegacy(5);
    const bytes = readFileSync(space.file);
    bytes.fill(0x55, 4096, 8192);
    await writeFile(space.file, bytes);
    await expectRefused(/is damaged/);
  });

  it('refuses a header that makes SQLite take the file for a read-only one', async () => {
    await putOurs();
    const bytes = readFileSync(space.file);
    bytes[18] = 77;
    await writeFile(space.file, bytes);
    await expectRefused(/is damaged.*readonly/);
  });

  it('either opens a file with random damage or refuses it and leaves it as it is', async () => {
    for (let n = 0; n < 60; n += 1) {
      const own = await Workspace.make();
      try {
        await own.putLegacy(1 + (n % 6));
        const bytes = readFileSync(own.file);
        const random = noise(72, `damage ${n}`);
        const at = random.readUInt32BE(64) % (bytes.length - 64);
        random.copy(bytes, n % 2 === 0 ? at : 16 + (at % 84), 0, n % 2 === 0 ? 64 : 1);
        await writeFile(own.file, bytes);
        const before = bytesOf(own.file);
        const error = await own.open().catch((thrown: unknown) => thrown);
        if (error instanceof DatabaseRefusedError) expect(bytesOf(own.file)).toEqual(before);
        else expect(error).toMatchObject({ report: { adopted: { instances: 6 } } });
      } finally {
        await own.remove();
      }
    }
  });

  it('refuses a database of a newer AiKore', async () => {
    await putOurs();
    await space.sql(["INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'Later9999999999999')"]);
    await expectRefused(/newer AiKore.*Later9999999999999/);
  });

  it.each(['7', '12'])('refuses a database of the original’s with schema version %s', async (version) => {
    await space.putLegacy(6);
    await space.sql([`UPDATE aikore_meta SET value = '${version}'`]);
    await expectRefused(new RegExp(`newer AiKore.*${version}`));
  });

  it('refuses the database of another program', async () => {
    await space.sql(['CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)', "INSERT INTO notes VALUES (1, 'mine')"]);
    await expectRefused(/not a database of AiKore/);
  });

  it('refuses a table `instances` that is not the original’s', async () => {
    await space.sql(['CREATE TABLE instances (id INTEGER PRIMARY KEY, host TEXT)']);
    await expectRefused(/not a database of AiKore/);
  });

  it('refuses a folder', async () => {
    await mkdir(space.file);
    const error = await space.open().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ exitCode: 3, message: expect.stringMatching(/is not a file/) as string });
  });

  it.each(['missing', 'empty', 'without tables'])('makes a database where the file is %s', async (kind) => {
    if (kind === 'empty') await writeFile(space.file, '');
    if (kind === 'without tables') await space.sql(['PRAGMA journal_mode = WAL', 'CREATE TABLE x (a)', 'DROP TABLE x']);
    const { report } = await space.open();
    expect(report).toMatchObject({ created: true, backup: null, adopted: null });
    expect(existsSync(space.backupsDir)).toBe(false);
  });
});
