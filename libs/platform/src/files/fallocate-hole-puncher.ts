import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { HolePuncher } from './hole-puncher';

const run = promisify(execFile);

/** Node has no call for fallocate(2), so util-linux does it, started without a shell. */
export class FallocateHolePuncher extends HolePuncher {
  async punch(path: string, bytes: number): Promise<void> {
    await run('fallocate', ['--punch-hole', '--keep-size', '--offset', '0', '--length', String(bytes), path], {
      timeout: 30_000,
    });
  }
}
