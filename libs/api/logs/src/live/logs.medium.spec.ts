import { spawn } from 'node:child_process';
import { appendFile, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { logFlow, sockets } from '@aikore/contract';
import type { InstanceEntity } from '@aikore/database';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LogClient, until } from '../testing/log-client';
import { LogsApp } from '../testing/logs-app';
import { LogHub } from './log-hub';

let server: LogsApp;
let instance: InstanceEntity;
const clients: LogClient[] = [];

function client(): LogClient {
  const one = new LogClient(server.url);
  clients.push(one);
  return one;
}

/** A real process that appends `lines` numbered lines of 100 bytes as fast as it can. */
function spew(path: string, lines: number): Promise<void> {
  const script = 'i=0; while (( i < $1 )); do printf "%099d\\n" $i; (( i += 1 )); done >> "$2"';
  const child = spawn('bash', ['-c', script, 'spew', String(lines), path], { stdio: 'ignore' });
  return new Promise((resolve, reject) => child.once('error', reject).once('exit', () => resolve()));
}

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `${String(from + index).padStart(99, '0')}\n`).join('');

/** Open log files of this process (proc(5)). */
async function openLogs(): Promise<number> {
  const links = await Promise.all(
    (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
  );
  return links.filter((link) => link.endsWith('.log')).length;
}

/** inotify watches of this process (proc(5), "fdinfo"). */
async function watches(): Promise<number> {
  const infos = await Promise.all(
    (await readdir('/proc/self/fdinfo')).map((fd) => readFile(`/proc/self/fdinfo/${fd}`, 'utf8').catch(() => '')),
  );
  return infos.join('').match(/^inotify wd:/gm)?.length ?? 0;
}

beforeAll(async () => {
  server = await LogsApp.start();
});
afterEach(async () => {
  for (const one of clients.splice(0)) one.close();
  // Nothing stays open when nobody watches.
  await until(() => server.get(LogHub).load.logs === 0, 'logs to be closed');
  await until(async () => (await openLogs()) + (await watches()) === 0, 'files and watches to be given back');
});
afterAll(() => server.close());

describe('/logs', () => {
  it('sends what is there, then what a process writes, without loss or double', async () => {
    instance = await server.addInstance();
    const { run, path } = await server.beginRun(instance);
    await writeFile(path, numbered(0, 1000));
    const writing = spew(path, 20_000);
    const received = await client().join({ instance_id: instance.id, from: 0 });
    await writing;
    await server.endRun(instance, run.id);
    await until(() => received.ended.length === 1, 'log:end');
    expect(received.errors).toEqual([]);
    expect(received.gaps).toEqual([]);
    expect(received.text()).toBe(numbered(0, 1000) + numbered(0, 20_000));
    expect(received.ended[0]).toMatchObject({ id: run.id, log_start: 0, log_size: 2_100_000, exit_code: 0 });
  });

  it('begins with the last bytes, cut at a line start, when no position is given', async () => {
    instance = await server.addInstance();
    const { path } = await server.beginRun(instance);
    await writeFile(path, numbered(0, 10_000));
    const one = client();
    const received = await one.join({ instance_id: instance.id });
    expect(received.position % 100).toBe(0);
    expect(1_000_000 - received.position).toBeGreaterThan(logFlow.snapshot - 100);
    await until(() => received.position === 1_000_000, 'the snapshot');
    const tail = await one.join({ instance_id: instance.id, tail: 250 });
    await until(() => tail.position === 1_000_000, 'the tail');
    expect(tail.text()).toBe(numbered(9998, 10_000));
    const nothing = await one.join({ instance_id: instance.id, tail: 0 });
    await appendFile(path, 'new\n');
    await until(() => nothing.position === 1_000_004, 'the new line');
    expect(nothing.text()).toBe('new\n');
  });

  it('resumes after a reconnect in the middle of a flood', async () => {
    instance = await server.addInstance();
    const { run, path } = await server.beginRun(instance);
    const writing = spew(path, 30_000);
    let text = '';
    let position = 0;
    for (let round = 0; round < 5; round += 1) {
      const one = client();
      const received = await one.join({ instance_id: instance.id, run: run.id, from: position });
      await until(() => received.position > position + 100_000 || received.position === 3_000_000, 'some more');
      one.close();
      text += received.text();
      position = received.position;
      expect(received.errors).toEqual([]);
    }
    const last = await client().join({ instance_id: instance.id, run: run.id, from: position });
    await writing;
    await server.endRun(instance, run.id);
    await until(() => last.ended.length === 1, 'log:end');
    expect(last.errors).toEqual([]);
    expect(text + last.text()).toBe(numbered(0, 30_000));
  });

  it('gives a viewer that never acknowledges its window, and nothing more', async () => {
    instance = await server.addInstance();
    const { run, path } = await server.beginRun(instance);
    const stalled = client();
    stalled.acks = false;
    const first = await stalled.join({ instance_id: instance.id, from: 0 });
    const fast = await client().join({ instance_id: instance.id, from: 0 });
    await spew(path, 30_000);
    await server.endRun(instance, run.id);
    await until(() => fast.ended.length === 1, 'the fast viewer to be done');
    expect(fast.bytes()).toBe(3_000_000);
    expect(first.bytes()).toBe(logFlow.window);
    expect(first.ended).toEqual([]);
    stalled.acks = true;
    stalled.acknowledge(first);
    await until(() => first.ended.length === 1, 'the stalled viewer to catch up');
    expect(first.errors).toEqual([]);
    expect(first.bytes()).toBe(3_000_000);
  });

  it('moves a slow viewer forward and says which bytes it missed', async () => {
    instance = await server.addInstance();
    const { run, path } = await server.beginRun(instance);
    const slow = client();
    slow.acks = false;
    const received = await slow.join({ instance_id: instance.id });
    const mib = Buffer.alloc(1024 * 1024, 'x'.repeat(99) + '\n');
    const total = (logFlow.maxLag / mib.length + 4) * mib.length;
    for (let written = 0; written < total; written += mib.length) await appendFile(path, mib);
    await until(() => received.bytes() === logFlow.window, 'the window');
    expect(received.gaps).toEqual([]);
    // What the server has seen of the file by now is not known here; it sees all of it before it sends on.
    const watcher = await client().join({ instance_id: instance.id, tail: 0 });
    await appendFile(path, 'end\n');
    await until(() => watcher.position === total + 4, 'the last line');
    slow.acks = true;
    slow.acknowledge(received);
    await until(() => received.position === total + 4, 'the end');
    expect(received.errors).toEqual([]);
    expect(received.gaps).toMatchObject([{ from: logFlow.window, reason: 'slow', run: run.id }]);
    const missed = received.gaps.reduce((sum, { from, to }) => sum + to - from, 0);
    expect(missed + received.bytes()).toBe(total + 4);
  });

  it('goes on with the next run of the instance', async () => {
    instance = await server.addInstance();
    const received = await client().join({ instance_id: instance.id });
    expect(received.run).toBeNull();
    const first = await server.beginRun(instance);
    await writeFile(first.path, 'first\n');
    await server.endRun(instance, first.run.id);
    const second = await server.beginRun(instance);
    await writeFile(second.path, 'second\n');
    await until(() => received.text() === 'first\nsecond\n', 'both runs');
    expect(received.errors).toEqual([]);
    expect(received.began.map(({ id }) => id)).toEqual([first.run.id, second.run.id]);
    expect(received.ended.map(({ id }) => id)).toEqual([first.run.id]);
  });

  it('with `follow` resumes an old run and goes through all that came after it', async () => {
    instance = await server.addInstance();
    const runs = [];
    for (const text of ['one', 'two', 'three']) {
      const begun = await server.beginRun(instance);
      await writeFile(begun.path, `${text}\n`);
      await server.endRun(instance, begun.run.id);
      runs.push(begun.run.id);
    }
    const received = await client().join({ instance_id: instance.id, run: runs[0], from: 2, follow: true });
    await until(() => received.ended.length === 3, 'three ends');
    expect(received.text()).toBe('e\ntwo\nthree\n');
    expect(received.errors).toEqual([]);
    const only = await client().join({ instance_id: instance.id, run: runs[0] });
    await until(() => only.ended.length === 1, 'the end');
    expect(only.text()).toBe('one\n');
  });

  it('passes on invalid UTF-8, NUL and 10 MB without a line feed as they are', async () => {
    instance = await server.addInstance();
    const { run, path } = await server.beginRun(instance);
    const bytes = Buffer.alloc(10 * 1024 * 1024);
    for (let index = 0; index < bytes.length; index += 1)
      bytes[index] = (index * 7) % 256 === 10 ? 11 : (index * 7) % 256;
    await writeFile(path, bytes);
    await server.endRun(instance, run.id);
    const received = await client().join({ instance_id: instance.id, run: run.id, from: 0 });
    await until(() => received.ended.length === 1, 'log:end');
    expect(Buffer.concat(received.chunks.map(({ data }) => data)).equals(bytes)).toBe(true);
    const snapshot = await client().join({ instance_id: instance.id });
    expect(snapshot.position).toBe(bytes.length - logFlow.snapshot);
  });

  it('answers with an error when there is nothing to watch, and keeps nothing', async () => {
    instance = await server.addInstance();
    const { run } = await server.beginRun(await server.addInstance());
    const one = client();
    await expect(one.join({ instance_id: 999_999 })).rejects.toThrow(/^not_found/);
    await expect(one.join({ instance_id: instance.id, run: run.id })).rejects.toThrow(/^not_found/);
    await expect(one.join({ instance_id: instance.id, run: '../../etc/passwd' })).rejects.toThrow(/^not_found/);
    await expect(one.join({ instance_id: instance.id, from: 1, tail: 1 })).rejects.toThrow(/^validation_failed/);
    await expect(one.join({ instance_id: -1 })).rejects.toThrow(/^validation_failed/);
    await expect(one.request(sockets.logs.requests.join.name, null)).resolves.toMatchObject({ ok: false });
  });

  it('bounds the subscriptions of a socket and refuses invented acknowledgements', async () => {
    instance = await server.addInstance();
    const { run, path } = await server.beginRun(instance);
    await writeFile(path, 'line\n');
    const one = client();
    for (let count = 0; count < 32; count += 1) await one.join({ instance_id: instance.id });
    await expect(one.join({ instance_id: instance.id })).rejects.toThrow(/^rate_limited/);
    const { ack, leave } = sockets.logs.requests;
    const claim = { subscription: 's1', run: run.id, offset: 1e9 };
    await expect(one.request(ack.name, claim)).resolves.toMatchObject({ error: { code: 'validation_failed' } });
    await expect(one.request(leave.name, { subscription: 's1' })).resolves.toEqual({ ok: true, data: {} });
    await expect(one.join({ instance_id: instance.id })).resolves.toBeDefined();
    expect(server.get(LogHub).load).toEqual({ logs: 1, viewers: 32 });
  });

  it('watches a quiet log by inotify', async () => {
    instance = await server.addInstance();
    await server.beginRun(instance);
    const { path } = await server.beginRun(instance);
    await writeFile(path, '');
    const received = await client().join({ instance_id: instance.id });
    await until(async () => (await openLogs()) === 1 && (await watches()) === 1, 'the watch');
    await appendFile(path, 'line\n');
    await until(() => received.text() === 'line\n', 'the line');
  });

  it('sends a written line within 50 ms', async () => {
    instance = await server.addInstance();
    const { path } = await server.beginRun(instance);
    const received = await client().join({ instance_id: instance.id });
    const delays: number[] = [];
    for (let count = 0; count < 50; count += 1) {
      const before = performance.now();
      const seen = new Promise<number>((resolve) => (received.onChunk = () => resolve(performance.now())));
      await appendFile(path, `${count}\n`);
      delays.push((await seen) - before);
    }
    const median = delays.sort((a, b) => a - b)[25] ?? 0;
    expect(median).toBeLessThan(50);
  });
});
