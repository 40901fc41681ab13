import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const scripts = resolve(import.meta.dirname);

describe('npm start', () => {
  let folder: string;
  let listener: Server | null = null;
  const children: ChildProcess[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'aikore-start-'));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await new Promise<void>((done) => (listener ? listener.close(() => done()) : done()));
    listener = null;
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (args: string[], env: Record<string, string> = {}, start = join(scripts, 'start.mjs')) =>
    new Promise<{ code: number | null; text: string }>((done) => {
      const child = spawn(process.execPath, [start, ...args], { env: { ...process.env, ...env } });
      children.push(child);
      let text = '';
      const add = (chunk: Buffer): void => void (text += chunk.toString('utf8'));
      child.stdout.on('data', add);
      child.stderr.on('data', add);
      child.once('close', (code) => done({ code, text }));
    });

  /** Take a port in this process. */
  const occupy = (host: string): Promise<number> =>
    new Promise((done) => {
      const server = createServer().listen(0, host, () => done((server.address() as { port: number }).port));
      listener = server;
    });

  it('explains itself, and refuses options that it does not know', async () => {
    expect(await run(['--help'])).toMatchObject({ code: 0, text: expect.stringContaining('--rebuild') as string });
    const wrong = await run(['--rebiuld']);
    expect(wrong.code).toBe(1);
    expect(wrong.text).toContain('--rebiuld is not an option.');
  });

  it.each(['127.0.0.1', '0.0.0.0'])('names who holds its port on %s', async (host) => {
    const port = String(await occupy(host));
    const { code, text } = await run([], { AIKORE_PORT: port, AIKORE_DATA_DIR: folder });
    expect(code).toBe(1);
    expect(text).toContain(`Port ${port} on 127.0.0.1 is taken by pid ${process.pid} (`);
  });

  it('knows a server on the same data folder', async () => {
    const port = String(await occupy('127.0.0.1'));
    writeFileSync(join(folder, 'aikore.pid'), `${process.pid}\n`);
    const { code, text } = await run([], { AIKORE_PORT: port, AIKORE_DATA_DIR: folder });
    expect(code).toBe(4);
    expect(text).toContain(`AiKore is running already with the data folder ${folder} (pid ${process.pid})`);
  });

  it('refuses an old Node with a sentence', async () => {
    mkdirSync(join(folder, 'tools'));
    cpSync(scripts, join(folder, 'tools/scripts'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ engines: { node: '^97.3 || >=98' } }));
    const { code, text } = await run([], {}, join(folder, 'tools/scripts/start.mjs'));
    expect(code).toBe(1);
    expect(text).toContain(`AiKore needs Node.js ^97.3 or >=98. This is ${process.versions.node} (`);
  });
});
