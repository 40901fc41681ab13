import { readFile } from 'node:fs/promises';
import { MemoryKills } from './memory-kills';

/**
 * Files with a line `oom_kill N`, the closest first: this cgroup's in v2, the container's in v2 and in v1
 * (Documentation/admin-guide/cgroup-v2.rst: memory.events, which counts the groups below too), the machine's (Linux 4.13).
 */
const sources = (own: string): readonly string[] => [
  `/sys/fs/cgroup${own}/memory.events`,
  '/sys/fs/cgroup/memory.events',
  '/sys/fs/cgroup/memory/memory.oom_control',
  '/proc/vmstat',
];

/** The kernel's own counts, as files. */
export class KernelMemoryKills extends MemoryKills {
  async count(): Promise<number | null> {
    for (const file of sources(await ownGroup())) {
      const found = /^oom_kill (\d+)$/m.exec(await readText(file));
      if (found) return Number(found[1]);
    }
    return null;
  }
}

async function ownGroup(): Promise<string> {
  const path = /^0::(\/.*)$/m.exec(await readText('/proc/self/cgroup'))?.[1] ?? '';
  return path === '/' || path.includes('..') ? '' : path;
}

const readText = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');
