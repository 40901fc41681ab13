import { randomUUID } from 'node:crypto';
import { appendFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Logger } from '@nestjs/common';
import { RunEntity } from '@aikore/database';
import { FallocateHolePuncher, HolePuncher, LogFile } from '@aikore/platform';
import { DataSource } from 'typeorm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LogClient, until } from '../testing/log-client';
import { LogsApp } from '../testing/logs-app';
import { checksSkipped, LogRetention } from './log-retention';
import { LogTail } from './log-tail';

const mib = 1024 * 1024;
const cap = 4 * mib;
let server: LogsApp;
let client: LogClient | null = null;

async function start(config: { logRunMaxBytes?: number; logRunsKept?: number } = {}): Promise<LogRetention> {
  server = await LogsApp.start({ logRunMaxBytes: cap, logRunsKept: 3, ...config });
  return server.get(LogRetention);
}

afterEach(async () => {
  vi.restoreAllMocks();
  client?.close();
  client = null;
  await server.close();
});

const line = (index: number) => `${String(index).padStart(99, '0')}\n`;
const block = (from: number) => Array.from({ length: 5000 }, (_, index) => line(from + index)).join('');

async function measured(retention: LogRetention): Promise<void> {
  retention.check();
  await retention.idle();
}

describe('LogRetention', () => {
  it('frees the oldest part of a growing log; offsets stay, and viewers are told', async () => {
    const retention = await start();
    const instance = await server.addInstance();
    const { run, path } = await server.beginRun(instance);
    client = new LogClient(server.url);
    client.acks = false; // it gets a window, and is then overtaken by the cap
    const received = await client.join({ instance_id: instance.id, from: 0 });
    let written = 0;
    let largest = 0;
    for (let round = 0; round < 40; round += 1) {
      await appendFile(path, block(round * 5000));
      written += 500_000;
      await measured(retention);
      largest = Math.max(largest, (await stat(path)).blocks * 512);
    }
    expect(largest).toBeLessThanOrEqual(cap);
    const { log_start } = await server.row(run.id);
    expect(written - log_start).toBeGreaterThanOrEqual(cap * 0.75);
    const first = await LogFile.using(path, async (file) => (await file?.read(log_start, log_start + 400))?.toString());
    const index = Math.ceil(log_start / 100);
    expect(first).toContain(line(index));

    await until(() => received.bytes() === mib, 'the window');
    client.acks = true;
    client.acknowledge(received);
    await until(() => received.position === written, 'the end');
    expect(received.errors).toEqual([]);
    expect(received.gaps).toMatchObject([{ from: mib, to: log_start, reason: 'capped', run: run.id }]);

    await server.endRun(instance, run.id);
    await retention.idle();
    expect(await server.row(run.id)).toMatchObject({ log_start, log_size: written - log_start });
  });

  it('keeps the files of the newest runs, and of a running one', async () => {
    const retention = await start();
    const instance = await server.addInstance();
    const running = await server.beginRun(instance, { started_at: '2020-01-01T00:00:00.000Z' });
    await writeFile(running.path, 'still going\n');
    const old = [];
    for (let day = 1; day <= 5; day += 1) {
      const begun = await server.beginRun(instance, { started_at: `2026-01-0${day}T00:00:00.000Z` });
      await writeFile(begun.path, `day ${day}\n`);
      await server.endRun(instance, begun.run.id);
      await retention.idle();
      old.push(begun);
    }
    const exists = await Promise.all(
      [running, ...old].map(({ path }) =>
        stat(path).then(
          () => true,
          () => false,
        ),
      ),
    );
    expect(exists).toEqual([true, false, false, true, true, true]);
    expect(await server.row(old[0]?.run.id ?? '')).toMatchObject({ log_start: 6, log_size: 0 });
    client = new LogClient(server.url);
    const received = await client.join({ instance_id: instance.id, run: old[0]?.run.id, from: 0 });
    await until(() => received.ended.length === 1, 'log:end');
    expect(received.gaps).toMatchObject([{ from: 0, to: 6, reason: 'capped' }]);
    const url = `${server.url}/api/instances/${instance.id}/logs?run=${old[0]?.run.id}&download=1`;
    expect(await (await fetch(url)).text()).toMatch(/^\[AiKore: the log of this run, 6 bytes, was removed: .*\]\n$/);
  });

  it('goes by the files: those of runs that are in no list go as well, and what is not a log of a run stays', async () => {
    const retention = await start();
    const instance = await server.addInstance();
    const { path } = await server.beginRun(instance, { started_at: '2020-01-01T00:00:00.000Z' });
    const folder = dirname(path);
    await writeFile(path, 'still going\n');
    await writeFile(join(folder, `${randomUUID()}.log`), 'its row is gone\n');
    await writeFile(join(folder, 'mine.log'), 'mine\n');
    const runs = server.get(DataSource).getRepository(RunEntity);
    const ended = Array.from({ length: 600 }, (_, n) => {
      const at = new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString();
      return { id: randomUUID(), instance_id: instance.id, started_at: at, ended_at: at };
    });
    await runs.insert(ended);
    for (const { id } of ended) await writeFile(join(folder, `${id}.log`), 'x\n');
    const newest = await server.beginRun(instance);
    await writeFile(newest.path, 'new\n');
    await retention.idle();
    const kept = [path, newest.path, ...ended.slice(-2).map(({ id }) => join(folder, `${id}.log`))];
    expect((await readdir(folder)).sort()).toEqual(['mine.log', ...kept.map((one) => basename(one))].sort());
    expect(await server.row(ended[0]?.id ?? '')).toMatchObject({ log_start: 2, log_size: 0 });
  });

  it('says once that the file system cannot free parts, drops nothing, and tries again after ten minutes', async () => {
    const retention = await start();
    const punch = vi
      .spyOn(server.get(HolePuncher), 'punch')
      .mockRejectedValue(new Error('fallocate: Operation not supported'));
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const instance = await server.addInstance();
    const { run, path } = await server.beginRun(instance);
    await writeFile(path, Buffer.alloc(2 * cap, 'x\n'));
    await measured(retention);
    await measured(retention);
    expect(warn).toHaveBeenCalledOnce();
    expect(warn.mock.calls[0]?.[0]).toMatch(/Operation not supported.*Nothing is dropped/s);
    const answer = await fetch(`${server.url}/api/instances/${instance.id}/logs?limit=4`);
    expect(await answer.text()).toBe('x\nx\n');
    expect((await server.row(run.id)).log_start).toBe(0);
    punch.mockRestore();
    for (let check = 1; check < checksSkipped; check += 1) await measured(retention);
    expect((await server.row(run.id)).log_start).toBe(0);
    await measured(retention);
    expect((await server.row(run.id)).log_start).toBeGreaterThan(0);
  });

  it('goes on with the other logs when one cannot be cut, and tells no viewer of a cut that failed', async () => {
    const retention = await start();
    const puncher = server.get(HolePuncher);
    const punch = puncher.punch.bind(puncher);
    const [bad, good] = [await server.addInstance(), await server.addInstance()];
    const broken = await server.beginRun(bad);
    const sound = await server.beginRun(good);
    vi.spyOn(puncher, 'punch').mockImplementation(async (path, bytes) => {
      if (path === broken.path) throw new Error('fallocate: Input/output error');
      await punch(path, bytes);
    });
    vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    client = new LogClient(server.url);
    client.acks = false; // it keeps the log open, and stands before what is to be dropped
    const viewer = await client.join({ instance_id: bad.id, from: 0 });
    await writeFile(broken.path, Buffer.alloc(2 * cap, 'x\n'));
    await until(() => viewer.bytes() === mib, 'the window');
    await measured(retention);
    await writeFile(sound.path, Buffer.alloc(2 * cap, 'y\n'));
    await measured(retention);
    expect((await server.row(broken.run.id)).log_start).toBe(0);
    expect((await server.row(sound.run.id)).log_start).toBeGreaterThan(cap);

    client.acks = true;
    client.acknowledge(viewer);
    await until(() => viewer.position === 2 * cap, 'the end');
    expect(viewer.gaps).toEqual([]);
    expect(viewer.bytes()).toBe(2 * cap);
  });

  it('does not mind a log that is removed while it is being cut', async () => {
    const retention = await start();
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const puncher = server.get(HolePuncher);
    const instance = await server.addInstance();
    const { run, path } = await server.beginRun(instance);
    const spy = vi.spyOn(puncher, 'punch').mockImplementation(async () => {
      await rm(path);
      throw new Error('fallocate: cannot open: No such file or directory');
    });
    await writeFile(path, Buffer.alloc(2 * cap, 'x\n'));
    await measured(retention);
    spy.mockRestore();
    await writeFile(path, Buffer.alloc(2 * cap, 'x\n'));
    await measured(retention);
    expect(warn).not.toHaveBeenCalled();
    expect((await server.row(run.id)).log_start).toBeGreaterThan(cap);
  });

  it('finds the first kept byte again when the database does not know it', async () => {
    const retention = await start();
    const instance = await server.addInstance();
    const { run, path } = await server.beginRun(instance);
    await writeFile(path, Buffer.alloc(cap, 'x'));
    await new FallocateHolePuncher().punch(path, 40 * 4096);
    await retention.onApplicationBootstrap();
    const answer = await fetch(`${server.url}/api/instances/${instance.id}/logs?run=${run.id}&limit=3`);
    expect(answer.headers.get('x-aikore-log-offset')).toBe(String(40 * 4096));
    expect(await answer.text()).toBe('xxx');
  });
});

describe('LogTail', () => {
  it('answers with the last lines as plain text', async () => {
    await start();
    const { path } = await server.beginRun(await server.addInstance());
    await writeFile(path, `${block(0)}\x1b[31mTraceback\x1b[0m\n 10%\r100%\n\nKilled\n`);
    const tail = server.get(LogTail);
    expect(await tail.lastLines(path, 3)).toEqual(['Traceback', '100%', 'Killed']);
    expect(await tail.lastLines(`${path}.absent`, 3)).toEqual([]);
  });
});
