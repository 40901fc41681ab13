import { readSync } from 'node:fs';
import { constants } from 'node:os';
import type { IPty } from 'node-pty';
import { checkFolder, findProgram } from './find-program';
import { Pty, PtyError, type PtyExit, PtyHost, type PtySpec } from './pty-host';
import { PtyWriter } from './pty-writer';
import { endSession, sessionMembers } from './session-end';

/**
 * Runs before the program. node-pty leaves every master open to whatever is started later (no FD_CLOEXEC), so a shell
 * would hold, and could read, the terminals of others: everything above 2 is closed. It also sets IUTF8, without which
 * a backspace takes away half a character, only when it decodes the output itself. `-p`: bash reads nothing of ours.
 */
const beforeProgram = `
for fd in /proc/$$/fd/*; do fd=\${fd##*/}; ((fd > 2)) && eval "exec $fd>&-"; done
stty iutf8 2>/dev/null
exec "$@"`;

/** A paused terminal is not read, so its end would not be seen: looked at every so often, in milliseconds. */
const pausedLookMs = 50;
const restSize = 64 * 1024;
/** The rest of the output of a program that has ended is a few KiB; node-pty closes the terminal after 200 ms itself. */
const exitLimitMs = 2000;

/** What node-pty has on Unix beside what it declares. */
type UnixPty = IPty & {
  readonly fd: number;
  on(event: 'error' | 'close' | 'end', listener: (error?: Error) => void): void;
  destroy(): void;
};

/** Terminals by node-pty, which is loaded when the first one is opened. */
export class NodePtyHost extends PtyHost {
  override async open({ argv, cwd, env, cols, rows }: PtySpec): Promise<Pty> {
    const program = await findProgram(argv[0] ?? '', env['PATH'] ?? '');
    const bash = await findProgram('bash', env['PATH'] ?? '');
    await checkFolder(cwd);
    const { spawn } = await import('node-pty');
    const args = ['-p', '-c', beforeProgram, 'bash', program, ...argv.slice(1)];
    try {
      const pty = spawn(bash, args, { cwd, env: { ...env }, cols, rows, name: env['TERM'], encoding: null });
      return new NodePty(pty as UnixPty);
    } catch (error) {
      throw new PtyError(`No terminal could be opened (${String(error)}). Close some and try again.`, { cause: error });
    }
  }
}

class NodePty extends Pty {
  override readonly pid: number;
  override readonly exited: Promise<PtyExit>;
  private readonly writer: PtyWriter;
  private open = true;
  private pausedLook: NodeJS.Timeout | null = null;
  private listener: (bytes: Uint8Array) => void = () => undefined;

  constructor(private readonly pty: UnixPty) {
    super();
    this.pid = pty.pid;
    this.writer = new PtyWriter(pty.fd);
    pty.on('end', () => this.readRest());
    pty.on('close', () => this.closed());
    // Without a listener node-pty throws what it does not expect, out of reach of any catch.
    pty.on('error', () => this.closed());
    this.exited = new Promise((resolve) => {
      pty.onExit(({ exitCode, signal }) => {
        this.closed();
        resolve(signal ? { code: null, signal: signalName(signal) } : { code: exitCode, signal: null });
      });
    });
  }

  override onOutput(listener: (bytes: Uint8Array) => void): void {
    this.listener = listener;
    this.pty.onData((data) => listener(data as unknown as Uint8Array));
  }

  override write(bytes: Uint8Array): Promise<void> {
    return this.writer.write(bytes);
  }

  override pause(): void {
    if (!this.open || this.pausedLook) return;
    this.pty.pause();
    this.pausedLook = setInterval(() => {
      if (!this.lives()) this.resume();
    }, pausedLookMs).unref();
  }

  override resume(): void {
    this.stopLooking();
    if (this.open) this.pty.resume();
  }

  override resize(cols: number, rows: number): void {
    if (!this.open) return;
    try {
      this.pty.resize(cols, rows);
    } catch {
      // The terminal has ended, and its end was not told yet.
    }
  }

  override isBusy(): boolean {
    return this.open && sessionMembers(this.pid).some(({ pid }) => pid !== this.pid);
  }

  override async end(graceMs: number): Promise<void> {
    this.resume();
    await endSession(this.pid, graceMs);
    if (await this.hasExited(exitLimitMs)) return;
    this.pty.destroy();
    await this.hasExited(exitLimitMs);
  }

  /**
   * libuv takes a hang-up together with a read that did not fill its buffer for the end of the file, and reads of a pty
   * never fill it: up to 60 KiB of a program that ends at once would be lost. The descriptor is closed after this event.
   */
  private readRest(): void {
    const buffer = Buffer.alloc(restSize);
    try {
      for (let length = 1; length > 0;) {
        length = readSync(this.pty.fd, buffer);
        if (length > 0) this.listener(Buffer.from(buffer.subarray(0, length)));
      }
    } catch {
      // EIO: the end.
    }
  }

  private hasExited(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), ms).unref();
      void this.exited.then(() => {
        clearTimeout(timer);
        resolve(true);
      });
    });
  }

  /** From here on the descriptor may belong to something else. */
  private closed(): void {
    this.open = false;
    this.stopLooking();
    this.writer.close();
  }

  private stopLooking(): void {
    if (this.pausedLook) clearInterval(this.pausedLook);
    this.pausedLook = null;
  }

  private lives(): boolean {
    try {
      return process.kill(this.pid, 0);
    } catch {
      return false;
    }
  }
}

const signalName = (number: number): string =>
  Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? `signal ${number}`;
