import { constants, type Stats } from 'node:fs';
import { lstat, open, readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { type Blueprint, blueprintFilename } from '@aikore/contract';
import { type BlueprintHeader, defaultHeader, headerLimit, parseBlueprintHeader } from '@aikore/domain';

/** A blueprint of one folder. `reason` says why it cannot be used at all; a broken header is no such reason. */
export interface BlueprintFile {
  /** The real path: links are followed already. */
  readonly path: string;
  readonly blueprint: Blueprint;
  readonly reason: string | null;
}

/** Why a file cannot be used, as the rest of a sentence that begins with its name. */
class Unusable extends Error {}

const isFolder = 'is a folder';
const reasons: Record<string, string> = {
  EACCES: 'may not be read by AiKore: check its owner and permissions',
  EPERM: 'may not be read by AiKore: check its owner and permissions',
  ENOENT: 'is a link that leads nowhere',
  ELOOP: 'is a link that leads to itself',
  EIO: 'cannot be read: the disk reports an error',
};
const errnoOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';

/** The blueprints of one folder; sub-folders are left alone. Headers are read again only when a file has changed. */
export class BlueprintFolder {
  private readonly headers = new Map<string, { stamp: string; header: BlueprintHeader }>();

  constructor(
    readonly root: string,
    readonly source: Blueprint['source'],
  ) {}

  /**
   * Every blueprint of the folder, unusable ones included; nothing when there is no such folder.
   *
   * @throws the system's error when the folder is there and cannot be read
   */
  async list(): Promise<BlueprintFile[]> {
    const names = (await this.names()).filter((name) => blueprintFilename.safeParse(name).success);
    for (const known of this.headers.keys()) if (!names.includes(known)) this.headers.delete(known);
    const found = await Promise.all(names.map((name) => this.find(name)));
    return found.filter((file): file is BlueprintFile => file !== null && file.reason !== isFolder);
  }

  /** One blueprint by its file name; null when the folder has no such entry. */
  async find(filename: string): Promise<BlueprintFile | null> {
    if (!blueprintFilename.safeParse(filename).success) return null;
    let path = join(this.root, filename);
    try {
      let stats = await lstat(path).catch(() => null);
      if (!stats) return null;
      if (stats.isSymbolicLink()) {
        path = await this.followLink(path);
        stats = await stat(path);
      }
      return this.present(filename, path, null, await this.headerOf(filename, path, stats));
    } catch (error) {
      const reason = error instanceof Unusable ? error.message : (reasons[errnoOf(error)] ?? 'cannot be read');
      return this.present(filename, path, reason, defaultHeader(filename));
    }
  }

  private async names(): Promise<string[]> {
    try {
      return await readdir(this.root);
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return [];
      throw error;
    }
  }

  private async followLink(path: string): Promise<string> {
    const [target, root] = await Promise.all([realpath(path), realpath(this.root)]);
    if (!target.startsWith(root + sep)) throw new Unusable('is a link that leaves the blueprints folder');
    return target;
  }

  private async headerOf(filename: string, path: string, stats: Stats): Promise<BlueprintHeader> {
    if (stats.isDirectory()) throw new Unusable(isFolder);
    if (!stats.isFile()) throw new Unusable('is not a file');
    // The change time as well: a file whose permissions were taken away must not pass for the one read before.
    const stamp = [path, stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs].join(':');
    const known = this.headers.get(filename);
    if (known?.stamp === stamp) return known.header;
    const text = await readStart(path);
    if (text.trim() === '') throw new Unusable('is empty');
    const header = parseBlueprintHeader(text, filename);
    this.headers.set(filename, { stamp, header });
    return header;
  }

  private present(filename: string, path: string, reason: string | null, header: BlueprintHeader): BlueprintFile {
    const problem = reason === null ? header.problem : `${filename} ${reason}.`;
    const blueprint = { filename, source: this.source, shadows: false, ...header, problem, usable: reason === null };
    return { path, reason, blueprint };
  }
}

/** The first 64 KiB as text. Non-blocking, so that a pipe put in the file's place cannot hold the server up. */
async function readStart(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headerLimit), 0, headerLimit, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
