import { dirname, join } from 'node:path';
import { Files, type WriteOptions } from './files';
import { safeSegments } from './resolve-inside';
import { StorageError } from './storage-error';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A disk in memory: folders and text files, no links. */
export class FakeFiles extends Files {
  /** Content by absolute path. */
  readonly texts = new Map<string, string>();
  readonly modes = new Map<string, number>();
  private readonly times = new Map<string, number>();
  private ticks = 0;
  private readonly folders = new Set<string>(['/']);
  private readonly failures: Error[] = [];

  /** Makes the next change throw this, for example `new StorageError('full', path)`; nothing is changed then. */
  failNext(error: Error): void {
    this.failures.push(error);
  }

  async resolveInside(root: string, relative: string): Promise<string> {
    return join(root, ...safeSegments(relative));
  }

  async writeFileAtomic(path: string, data: string | Uint8Array, options: WriteOptions = {}): Promise<void> {
    this.mayFail();
    if (this.folders.has(path)) throw new StorageError('not_a_file', path, 'EISDIR');
    if (!this.folders.has(dirname(path))) throw new StorageError('missing', path, 'ENOENT');
    this.texts.set(path, typeof data === 'string' ? data : decoder.decode(data));
    this.times.set(path, (this.ticks += 1000));
    this.modes.set(path, options.mode ?? this.modes.get(path) ?? 0o600);
  }

  async ensureDir(path: string): Promise<void> {
    this.mayFail();
    for (let folder = path; folder !== '/'; folder = dirname(folder)) {
      if (this.texts.has(folder)) throw new StorageError('exists', folder, 'EEXIST');
      this.folders.add(folder);
    }
  }

  async moveDirectory(from: string, to: string): Promise<void> {
    this.mayFail();
    if (await this.exists(to)) throw new StorageError('exists', to, 'EEXIST');
    if (!this.folders.has(from) || !this.folders.has(dirname(to))) throw new StorageError('missing', from, 'ENOENT');
    const moved = (path: string) => to + path.slice(from.length);
    for (const path of this.below(from)) {
      const text = this.texts.get(path);
      if (text === undefined) this.folders.add(moved(path));
      else this.texts.set(moved(path), text).delete(path);
      this.folders.delete(path);
    }
  }

  async removeTree(path: string): Promise<void> {
    this.mayFail();
    for (const gone of this.below(path)) {
      this.texts.delete(gone);
      this.folders.delete(gone);
    }
  }

  async exists(path: string): Promise<boolean> {
    return this.texts.has(path) || this.folders.has(path);
  }

  async readText(path: string): Promise<string | null> {
    return this.texts.get(path) ?? null;
  }

  async read(path: string): Promise<Uint8Array | null> {
    const text = this.texts.get(path);
    return text === undefined ? null : encoder.encode(text);
  }

  async readStart(path: string, limit: number): Promise<{ bytes: Uint8Array; size: number } | null> {
    if (this.folders.has(path)) throw new StorageError('not_a_file', path, 'EISDIR');
    const bytes = await this.read(path);
    return bytes && { bytes: bytes.subarray(0, limit), size: bytes.length };
  }

  async stat(path: string): Promise<{ size: number; modifiedAt: number } | null> {
    const bytes = await this.read(path);
    return bytes && { size: bytes.length, modifiedAt: this.times.get(path) ?? 0 };
  }

  async list(path: string): Promise<string[]> {
    const inside = [...this.folders, ...this.texts.keys()].filter((entry) => entry !== '/' && dirname(entry) === path);
    return inside.map((entry) => entry.slice(path === '/' ? 1 : path.length + 1)).sort();
  }

  /** `path` and everything under it. */
  private below(path: string): string[] {
    return [...this.folders, ...this.texts.keys()].filter((entry) => entry === path || entry.startsWith(`${path}/`));
  }

  private mayFail(): void {
    const failure = this.failures.shift();
    if (failure) throw failure;
  }
}
