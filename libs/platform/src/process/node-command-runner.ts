import { spawn } from 'node:child_process';
import { CommandRunner, type CommandResult, type CommandSpec } from './command-runner';

/** Commands through node:child_process. A server that dies takes them along: their pipes break. */
export class NodeCommandRunner extends CommandRunner {
  run({ argv: [program, ...args], env, cwd, stdin, timeoutMs, maxOutputBytes }: CommandSpec): Promise<CommandResult> {
    return new Promise((resolve, reject) => {
      const child = spawn(program, args, { env: { ...env }, cwd, stdio: ['pipe', 'pipe', 'ignore'] });
      const chunks: Buffer[] = [];
      let size = 0;
      let reason: 'timeout' | 'output' | 'signal' = 'signal';
      const kill = (why: 'timeout' | 'output'): void => {
        reason = why;
        child.kill('SIGKILL');
        // A grandchild may hold the pipe open: nobody reads it any more.
        child.stdout.destroy();
      };
      const timer = setTimeout(() => kill('timeout'), timeoutMs);
      child.stdout.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > maxOutputBytes) kill('output');
        else chunks.push(chunk);
      });
      // It may end before it has read everything (EPIPE).
      child.stdin.on('error', () => undefined);
      child.stdin.end(stdin);
      child.once('error', (error: NodeJS.ErrnoException) => {
        clearTimeout(timer);
        if (error.code === 'ENOENT') resolve({ end: 'not_found' });
        else reject(error);
      });
      child.once('close', (code) => {
        clearTimeout(timer);
        if (code === null) resolve({ end: 'killed', reason });
        else resolve({ end: 'exited', code, stdout: Buffer.concat(chunks).toString('utf8') });
      });
    });
  }
}
