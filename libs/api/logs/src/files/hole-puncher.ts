import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Injectable } from '@nestjs/common';

const run = promisify(execFile);

/** Frees the disk space of the oldest part of a file while its other bytes keep their offsets. */
@Injectable()
export class HolePuncher {
  /**
   * Frees the first `bytes` bytes; they read as NUL afterwards. Node has no call for fallocate(2), so util-linux does
   * it, started without a shell.
   *
   * @param path  absolute, so that it cannot be taken for an option
   * @param bytes a multiple of the file system's block size
   * @throws when the file system or the machine cannot do it
   */
  async punch(path: string, bytes: number): Promise<void> {
    await run('fallocate', ['--punch-hole', '--keep-size', '--offset', '0', '--length', String(bytes), path], {
      timeout: 30_000,
    });
  }
}
