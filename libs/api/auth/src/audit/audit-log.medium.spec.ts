import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataLayout } from '@aikore/api/kernel';
import { FakeClock } from '@aikore/platform/testing';
import { AuditLog, type AuditEntry } from './audit-log';
import { RotatingFile } from './rotating-file';

describe('the audit file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aikore-audit-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const entry = (target: string): AuditEntry => ({ actor: 'admin', address: '::1', action: 'x', target, result: 'ok' });

  it('holds one JSON line per entry, in order, for its owner only', async () => {
    const layout = new DataLayout(folder);
    const audit = new AuditLog(layout, new FakeClock());
    for (let index = 0; index < 500; index += 1) audit.record(entry(`a\n${index}`));
    await audit.flush();
    audit.record(entry('last'));
    await audit.onModuleDestroy();
    const lines = (await readFile(layout.audit, 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as AuditEntry).target)).toEqual([
      ...Array.from({ length: 500 }, (_, index) => `a\n${index}`),
      'last',
    ]);
    expect(lines[0]).toMatch(/^\{"time":"2026-01-01T00:00:00.000Z","actor":"admin"/);
    expect((await stat(layout.audit)).mode & 0o777).toBe(0o600);
  });

  it('is rotated by size and keeps a few older files', async () => {
    const path = join(folder, 'audit.log');
    for (let round = 0; round < 10; round += 1) {
      await new RotatingFile(path, 100, 3).append(`${round}${'x'.repeat(58)}\n`); // a restart each time
    }
    expect((await readdir(folder)).sort()).toEqual(['audit.log', 'audit.log.1', 'audit.log.2', 'audit.log.3']);
    const firsts = ['', '.1', '.2', '.3'].map(async (end) => (await readFile(path + end, 'utf8'))[0]);
    expect(await Promise.all(firsts)).toEqual(['9', '8', '7', '6']);
  });

  it('does not throw when it cannot be written, and counts what is lost', async () => {
    Logger.overrideLogger(false);
    const layout = new DataLayout(folder);
    await mkdir(layout.audit); // a folder in its place
    const audit = new AuditLog(layout, new FakeClock());
    audit.record(entry('lost'));
    await audit.flush();
    await rm(layout.audit, { recursive: true });
    audit.record(entry('kept'));
    await audit.flush();
    expect(await readFile(layout.audit, 'utf8')).toMatch(/"target":"kept".*\n\{"action":"audit.lost","lines":1\}\n$/);
  });
});
