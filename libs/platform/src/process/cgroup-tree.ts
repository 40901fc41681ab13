import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** Where the v2 hierarchy is: alone, or beside v1 (hybrid). */
const mounts = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'];

const leafParent = /\/aikore-[0-9a-f]{8}$/;

/** A run enters its leaf within milliseconds of its making; a start is given up after 10 s. */
const leafEntryMs = 60_000;

/** The server's own cgroup in the v2 hierarchy, `/` when unknown. */
const ownCgroup = (): string => {
  const path = /^0::(\/.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1] ?? '/';
  return path.includes('..') ? '/' : path;
};

/**
 * One cgroup v2 leaf per run, `aikore-<hash>/<runId>`, when the system lets us make them: it names every process of
 * a run and kills all of them at once, whatever they did to hide (SECURITY.md fact 10).
 */
export class CgroupTree {
  private constructor(
    private readonly mount: string,
    private readonly parent: string,
  ) {}

  /**
   * Looks once for a place where leaves can be made: below the server's own cgroup, else at the root of the tree.
   *
   * @param scope names this server among several on the machine (its data folder)
   * @returns null when there is none; runs are then swept by parent, session and environment
   */
  static detect(scope: string): CgroupTree | null {
    const name = `aikore-${createHash('sha256').update(scope).digest('hex').slice(0, 8)}`;
    const mount = mounts.find((path) => existsSync(join(path, 'cgroup.controllers')));
    if (!mount) return null;
    const parents = [...new Set([join(mount, ownCgroup()), mount])].map((folder) => join(folder, name));
    const parent = parents.find(isUsable);
    return parent ? new CgroupTree(mount, parent) : null;
  }

  /**
   * Removes the empty leaves that earlier servers left, because they were killed before they could: our own, and those
   * of data folders that are gone. A leaf with processes stays, and so does one of somebody else's that a run may be
   * about to enter.
   */
  sweepLeftovers(): void {
    for (const parent of subgroups(dirname(this.parent)).filter((path) => leafParent.test(path))) {
      const minAge = parent === this.parent ? 0 : leafEntryMs;
      for (const leaf of subgroups(parent)) if (ageOf(leaf) >= minAge) CgroupTree.remove(leaf);
      if (ageOf(parent) >= minAge) removeWhenEmpty(parent);
    }
  }

  /** Makes the leaf of a run; null when that fails. */
  make(runId: string): string | null {
    const leaf = join(this.parent, runId);
    try {
      mkdirSync(leaf, { recursive: true });
      return leaf;
    } catch {
      return null;
    }
  }

  /**
   * The leaf of a run, if it exists. A server that was restarted may sit in another cgroup than before, so the leaf
   * noted at the start counts, but only when it is one that we could have made.
   */
  find(runId: string, noted: string | null): string | null {
    const own = join(this.parent, runId);
    const isOurs =
      noted !== null &&
      noted.startsWith(`${this.mount}/`) &&
      normalize(noted) === noted &&
      noted.endsWith(`/${this.parent.slice(this.parent.lastIndexOf('/') + 1)}/${runId}`);
    return [isOurs ? noted : own, own].find((leaf) => existsSync(leaf)) ?? null;
  }

  /** The pids in a leaf and in what the run made below it. */
  static pids(leaf: string): number[] {
    try {
      const own = readFileSync(join(leaf, 'cgroup.procs'), 'utf8').split('\n').map(Number);
      return [...own.filter((pid) => pid > 0), ...subgroups(leaf).flatMap(CgroupTree.pids)];
    } catch {
      return [];
    }
  }

  /** Kills all of a leaf in one step; false on kernels before 5.14. */
  static kill(leaf: string): boolean {
    try {
      writeFileSync(join(leaf, 'cgroup.kill'), '1', { flag: 'r+' });
      return true;
    } catch {
      return false;
    }
  }

  /** Removes an empty leaf (and the shared parent when it was the last); leaves one with processes alone. */
  static remove(leaf: string): boolean {
    try {
      for (const group of subgroups(leaf)) CgroupTree.remove(group);
      rmdirSync(leaf);
    } catch {
      return !existsSync(leaf);
    }
    if (leafParent.test(dirname(leaf))) removeWhenEmpty(dirname(leaf));
    return true;
  }
}

const subgroups = (folder: string): string[] => {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isDirectory() ? [join(folder, entry.name)] : []));
  } catch {
    return []; // gone meanwhile
  }
};

/** Milliseconds since a group, or what is in it, was made. */
const ageOf = (folder: string): number =>
  Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());

const removeWhenEmpty = (folder: string): void => {
  try {
    rmdirSync(folder);
  } catch {
    // Other runs live there.
  }
};

const isUsable = (folder: string): boolean => {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(join(folder, 'cgroup.procs'), constants.W_OK);
    removeWhenEmpty(folder);
    return true;
  } catch {
    return false;
  }
};
