import { createHash } from 'node:crypto';
import { readdirSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isAlive, readAllStats, readStat } from '../process/procfs';
import { NodePtyHost } from './node-pty-host';
import type { Pty, PtySpec } from './pty-host';
import { ptyHostContract, Transcript } from './pty-host.contract';

const host = new NodePtyHost();
const base = { cwd: tmpdir(), env: { PATH: process.env['PATH'] ?? '', TERM: 'xterm-256color' }, cols: 80, rows: 24 };
const spec = (...argv: string[]): PtySpec => ({ ...base, argv });
const bash = (script: string): PtySpec => spec('bash', '-c', script);
const shell = spec('bash', '--norc', '--noprofile', '-i');

ptyHostContract('NodePtyHost', () => ({
  host,
  echo: spec('cat'),
  broken: [spec('no-such-program'), { ...spec('cat'), cwd: '/no/such/folder' }, spec('/etc/passwd'), spec('')],
}));

/** Descriptors of this process that are masters of a pty. */
const masters = (): number =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).includes('ptmx');
    } catch {
      return false;
    }
  }).length;

describe('NodePtyHost', () => {
  let folder = '';
  const open: Pty[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aikore-pty-'));
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((pty) => pty.end(0)));
    expect(masters()).toBe(0);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const start = async (what: PtySpec): Promise<Transcript> => {
    const pty = await host.open(what);
    open.push(pty);
    return new Transcript(pty);
  };
  const type = (to: Transcript, text: string): Promise<void> => to.pty.write(Buffer.from(text));

  it('tells the exit code, and the signal', async () => {
    expect(await (await start(bash('exit 7'))).pty.exited).toEqual({ code: 7, signal: null });
    expect(await (await start(bash('kill -KILL $$'))).pty.exited).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('gives the program its environment and nothing else', async () => {
    process.env['SECRET_OF_THE_SERVER'] = 'secret';
    const output = await start({ ...bash('env; echo end'), env: { ...base.env, GIVEN: 'a "b" $c `d`' } });
    delete process.env['SECRET_OF_THE_SERVER'];
    await output.has('end');
    expect(output.text).toContain('GIVEN=a "b" $c `d`');
    expect(output.text).not.toContain('SECRET_OF_THE_SERVER');
  });

  it('has the size that it is given', async () => {
    const output = await start(shell);
    await type(output, 'stty size\n');
    await output.has('24 80');
    output.pty.resize(132, 43);
    await type(output, 'stty size\n');
    await output.has('43 132');
  });

  it('passes bytes through as they are, and takes characters away whole', async () => {
    const all = Buffer.from(Array.from({ length: 256 * 64 }, (_, index) => index % 256));
    await writeFile(join(folder, 'bytes'), all);
    const output = await start(bash(`stty raw -echo; cat '${folder}/bytes'`));
    await output.pty.exited;
    expect([output.bytes.length, output.bytes.equals(all)]).toEqual([all.length, true]);
    const cooked = await start(bash('echo ready; read -r line; echo "<$line>"'));
    await cooked.has('ready');
    await type(cooked, 'aü\x7fb\n');
    await cooked.has('<ab>');
  });

  it('loses nothing of 200 kB that are pasted before the program reads, and burns nothing meanwhile', async () => {
    const text = Buffer.from(`${'0123456789abcdef'.repeat(12_500)}`);
    const script = `stty raw -echo; echo ready; read -rn1 go < <(sleep 1.2); head -c ${text.length} | sha256sum`;
    const output = await start(bash(script));
    await output.has('ready');
    const before = process.cpuUsage();
    await output.pty.write(text);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(600);
    await output.has(createHash('sha256').update(text).digest('hex'));
  });

  it('keeps pieces in order, and forgets them when the program ends before it reads', async () => {
    const output = await start(bash('stty raw -echo; echo ready; sleep 0.3; head -c 60000 | sha256sum; sleep 60'));
    await output.has('ready');
    const pieces = Array.from({ length: 600 }, (_, index) => Buffer.from(String(index).padStart(100, '.')));
    const written = Promise.all(pieces.map((piece) => output.pty.write(piece)));
    await output.has(createHash('sha256').update(Buffer.concat(pieces)).digest('hex'));
    await written;
    const late = output.pty.write(Buffer.alloc(500_000));
    await output.pty.end(0);
    await late;
  });

  it('stops a flood within what the system buffers, and goes on', async () => {
    const output = await start(bash('while :; do echo 0123456789012345678901234567890123456789; done'));
    await output.has('0123456789');
    output.pty.pause();
    await new Promise((resolve) => setImmediate(resolve));
    const { length } = output.bytes;
    await expect(output.has(({ bytes }) => bytes.length > length + 256 * 1024, 300)).rejects.toThrow();
    output.pty.resume();
    await output.has(({ bytes }) => bytes.length > length + 1024 * 1024);
  });

  it('tells the end, and all of the output before it, also while it is paused', async () => {
    const output = await start(bash('echo first; sleep 0.2; seq 1 500; echo last'));
    await output.has('first');
    output.pty.pause();
    expect(await output.pty.exited).toEqual({ code: 0, signal: null });
    expect(output.text).toContain('last');
  });

  it('ends everything that was started in it, however it hides', async () => {
    const output = await start(shell);
    const hiding = ['sleep 301 &', "(trap '' HUP TERM INT; sleep 302) &", 'nohup sleep 303 >/dev/null 2>&1 &'];
    await type(
      output,
      [...hiding, 'bash -c "setsid sleep 304; true" &', 'bash -c "kill -STOP \\$\\$; sleep 305" &', ''].join('\n'),
    );
    const { pid } = output.pty;
    const members = () =>
      [...readAllStats().values()].filter(({ session, parent }) => session === pid || parent === pid);
    await output.has(() => members().length >= 6);
    expect(output.pty.isBusy()).toBe(true);
    const seen = members();
    await output.pty.end(300);
    expect(seen.filter(({ pid }) => isAlive(readStat(pid)))).toEqual([]);
  });

  it('is not busy at a prompt', async () => {
    const output = await start(shell);
    await type(output, 'PS1=ready; echo\n');
    await output.has(({ text }) => /\nready$|\x1b\[\?2004hready$/.test(text));
    expect(output.pty.isBusy()).toBe(false);
  });

  it('gives nothing of one terminal, or of the server, to another one', async () => {
    await start(shell);
    await start(shell);
    const output = await start(bash('ls -l /proc/$$/fd; echo end'));
    await output.has('end');
    expect(output.text).not.toContain('ptmx');
    expect(output.text.match(/ -> /g)?.length).toBeLessThanOrEqual(4);
  });

  it('leaves no process, no zombie and no descriptor behind after 200 terminals', async () => {
    const descriptors = readdirSync('/proc/self/fd').length;
    const pids: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      const ten = await Promise.all(Array.from({ length: 10 }, () => host.open(shell)));
      pids.push(...ten.map(({ pid }) => pid));
      await Promise.all(ten.map((pty) => pty.end(1000)));
    }
    expect(new Set(pids).size).toBe(200);
    expect(pids.filter((pid) => readStat(pid))).toEqual([]);
    expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(descriptors);
  });
});
