import { join } from 'node:path';
import { type Blueprint, blueprintFilename } from '@aikore/contract';
import { type BlueprintHeader, defaultHeader, headerLimit, parseBlueprintHeader } from '@aikore/domain';
import { findEntry, type FolderEntry, listFolder, PathEscapeError, readStart, StorageError } from '@aikore/platform';

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
const reasonOf = (error: unknown): string => {
  if (error instanceof Unusable) return error.message;
  if (error instanceof PathEscapeError) return 'is a link that leaves the blueprints folder';
  return (error instanceof StorageError && reasons[error.code ?? '']) || 'cannot be read';
};

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
   * @throws StorageError when the folder is there and cannot be read
   */
  async list(): Promise<BlueprintFile[]> {
    const names = (await listFolder(this.root)).filter((name) => blueprintFilename.safeParse(name).success);
    for (const known of this.headers.keys()) if (!names.includes(known)) this.headers.delete(known);
    const found = await Promise.all(names.map((name) => this.find(name)));
    return found.filter((file): file is BlueprintFile => file !== null && file.reason !== isFolder);
  }

  /** One blueprint by its file name; null when the folder has no such entry. */
  async find(filename: string): Promise<BlueprintFile | null> {
    if (!blueprintFilename.safeParse(filename).success) return null;
    try {
      const entry = await findEntry(this.root, filename);
      if (!entry) return null;
      return this.present(filename, entry.path, null, await this.headerOf(filename, entry));
    } catch (error) {
      return this.present(filename, join(this.root, filename), reasonOf(error), defaultHeader(filename));
    }
  }

  private async headerOf(filename: string, { path, kind, stamp }: FolderEntry): Promise<BlueprintHeader> {
    if (kind === 'folder') throw new Unusable(isFolder);
    if (kind === 'other') throw new Unusable('is not a file');
    const known = this.headers.get(filename);
    if (known?.stamp === stamp) return known.header;
    const text = Buffer.from((await readStart(path, headerLimit)).bytes).toString('utf8');
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
