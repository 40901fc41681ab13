import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AuditEntry, DataLayout } from '@aikore/api/kernel';
import { RotatingFile } from '@aikore/platform';
import { FakeClock } from '@aikore/platform/testing';
import { AuditLog } from './audit-log';

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

  it('does not lose count over several failures', async () => {
    Logger.overrideLogger(false);
    const layout = new DataLayout(folder);
    await mkdir(layout.audit);
    const audit = new AuditLog(layout, new FakeClock());
    for (let round = 0; round < 4; round += 1) {
      audit.record(entry('lost'));
      audit.record(entry('lost'));
      await audit.flush();
    }
    await rm(layout.audit, { recursive: true });
    audit.record(entry('kept'));
    await audit.flush();
    expect((await readFile(layout.audit, 'utf8')).split('\n').at(-2)).toBe('{"action":"audit.lost","lines":8}');
  });

  it('writes nothing into the end of a torn line', async () => {
    const path = join(folder, 'audit.log');
    await writeFile(path, '{"whole":1}\n{"to');
    const file = new RotatingFile(path, 1000, 3);
    await file.append('a\n');
    await file.append('b\n');
    expect(await readFile(path, 'utf8')).toBe('{"whole":1}\n{"to\na\nb\n');
  });

  it('looks again at its size after an append that failed half-way', async () => {
    const path = join(folder, 'audit.log');
    const file = new RotatingFile(path, 100, 3);
    await file.append(`${'x'.repeat(40)}\n`);
    await rm(path);
    await mkdir(path); // the disk fails
    await expect(file.append('lost\n')).rejects.toThrow();
    await rm(path, { recursive: true });
    await writeFile(path, `${'y'.repeat(90)}\nto`); // and some of it was written
    await file.append('next\n');
    await file.append('last\n');
    expect([await readFile(`${path}.1`, 'utf8'), await readFile(path, 'utf8')]).toEqual([
      `${'y'.repeat(90)}\nto\nnext\n`,
      'last\n',
    ]);
  });

  it('tells what a flood of refusals left out, at the latest when it is closed', async () => {
    const layout = new DataLayout(folder);
    const clock = new FakeClock();
    const audit = new AuditLog(layout, clock);
    const { result: _, ...refusal } = entry('door');
    for (let round = 0; round < 30; round += 1) audit.denied({ ...refusal, code: 'forbidden' });
    await audit.onModuleDestroy();
    const lines = (await readFile(layout.audit, 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(11);
    expect(JSON.parse(lines[10] as string)).toMatchObject({ result: 'denied', suppressed: 19 });
    expect(clock.pending).toBe(0);
  });
});
