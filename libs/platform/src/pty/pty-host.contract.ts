import { describe, expect, it } from 'vitest';
import { type Pty, PtyError, type PtyHost, type PtySpec } from './pty-host';

/** A host under test, and a spec whose program gives back each line that it is told. */
export interface PtyHostUnderTest {
  readonly host: PtyHost;
  readonly echo: PtySpec;
  /** As `echo`, with a program, and then with a folder, that is not there. */
  readonly broken: readonly PtySpec[];
}

/** Collects the output of a terminal, and waits for some of it. */
export class Transcript {
  private readonly chunks: Buffer[] = [];
  private wake: () => void = () => undefined;

  constructor(readonly pty: Pty) {
    pty.onOutput((bytes) => {
      this.chunks.push(Buffer.from(bytes));
      this.wake();
    });
    void pty.exited.then(() => this.wake());
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }

  get text(): string {
    return this.bytes.toString();
  }

  /** @throws when it has not come after `ms` milliseconds */
  async has(expected: string | ((all: Transcript) => boolean), ms = 20_000): Promise<void> {
    const deadline = performance.now() + ms;
    const isThere = (): boolean => (typeof expected === 'string' ? this.text.includes(expected) : expected(this));
    while (!isThere()) {
      const left = deadline - performance.now();
      if (left <= 0) throw new Error(`Not in the output: ${String(expected)}\n${this.text.slice(-500)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(left, 100));
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}

/** What every PtyHost promises. */
export const ptyHostContract = (name: string, make: () => PtyHostUnderTest): void => {
  describe(`${name} keeps the PtyHost contract`, () => {
    it('hands on what the program writes, and tells it what is typed', async () => {
      const { host, echo } = make();
      const output = new Transcript(await host.open(echo));
      await output.pty.write(Buffer.from('grüße\n'));
      await output.has('grüße');
      await output.pty.end(500);
    });

    it('holds output back while it is paused', async () => {
      const { host, echo } = make();
      const output = new Transcript(await host.open(echo));
      await output.pty.write(Buffer.from('one\n'));
      await output.has('one');
      output.pty.pause();
      await output.pty.write(Buffer.from('two\n'));
      await expect(output.has('two', 100)).rejects.toThrow();
      output.pty.resume();
      await output.has('two');
      await output.pty.end(500);
    });

    it('tells how it ended, and takes calls that come too late', async () => {
      const { host, echo } = make();
      const output = new Transcript(await host.open(echo));
      await output.pty.end(500);
      expect(await output.pty.exited).toEqual({ code: null, signal: 'SIGHUP' });
      await output.pty.write(Buffer.from('late'));
      output.pty.resize(10, 10);
      output.pty.pause();
      output.pty.resume();
      expect(output.pty.isBusy()).toBe(false);
      await output.pty.end(0);
    });

    it('says so when the program or the folder is not there', async () => {
      const { host, broken } = make();
      for (const spec of broken) await expect(host.open(spec)).rejects.toBeInstanceOf(PtyError);
    });
  });
};
