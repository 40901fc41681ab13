import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { KernelMemoryKills } from './kernel-memory-kills';
import { memoryKillsContract } from './memory-kills.contract';

describe('KernelMemoryKills', () => {
  memoryKillsContract(() => new KernelMemoryKills());

  it('finds a count where the kernel has one', async () => {
    const counted = existsSync('/proc/vmstat') && /^oom_kill /m.test(readFileSync('/proc/vmstat', 'utf8'));
    expect((await new KernelMemoryKills().count()) !== null || !counted).toBe(true);
  });
});
