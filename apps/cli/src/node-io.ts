import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { exitCodes, usageError } from './exit-codes';
import type { Io } from './io';

/** The terminal and pipes of this process. */
export class NodeIo implements Io {
  readonly env = process.env;
  private readonly abort = new AbortController();
  readonly interrupted = this.abort.signal;

  constructor() {
    process.once('SIGINT', () => {
      this.abort.abort();
      // A command that waits for something that cannot be given up (a full pipe) ends all the same.
      setTimeout(() => process.exit(exitCodes.interrupted), 300).unref();
    });
    for (const stream of [process.stdout, process.stderr]) {
      stream.on('error', (error: NodeJS.ErrnoException) => {
        // `| head` has seen enough: no reason to complain.
        if (error.code === 'EPIPE') process.exit(0);
        throw error;
      });
    }
  }

  write(data: string | Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      process.stdout.write(data, (error) => (error ? reject(error) : resolve()));
    });
  }

  note(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  async ask(question: string, { secret } = { secret: false }): Promise<string> {
    if (!process.stdin.isTTY) {
      throw usageError('There is no terminal to ask at. Use --username with --password-stdin, or --token-stdin.');
    }
    process.stderr.write(question);
    // readline echoes to its output: for a secret that goes nowhere.
    const output = secret ? new Writable({ write: (_, __, done) => done() }) : process.stderr;
    const reader = createInterface({ input: process.stdin, output, terminal: true });
    try {
      return await new Promise<string>((resolve, reject) => {
        reader.once('line', resolve);
        reader.once('SIGINT', () => {
          this.abort.abort();
          reject(new Error('interrupted'));
        });
        reader.once('close', () => reject(usageError('Nothing was entered.')));
      });
    } finally {
      reader.close();
      if (secret) process.stderr.write('\n');
    }
  }

  async readInput(): Promise<string> {
    const pieces: Buffer[] = [];
    for await (const piece of process.stdin) pieces.push(piece as Buffer);
    return Buffer.concat(pieces)
      .toString('utf8')
      .replace(/\r?\n$/, '');
  }
}
