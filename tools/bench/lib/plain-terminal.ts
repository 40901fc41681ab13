import { type IPty, spawn } from 'node-pty';

/** A shell of node-pty in this process, with no server between: what terminals could be at best. */
export class PlainTerminal {
  private readonly pty: IPty;
  received = 0;
  private text = '';
  onData: () => void = () => undefined;

  constructor(env: Record<string, string>) {
    this.pty = spawn('bash', ['-i'], { env, cwd: '/', cols: 80, rows: 24, encoding: null });
    this.pty.onData((data) => {
      this.received += data.length;
      this.text = (this.text + Buffer.from(data).toString('latin1')).slice(-200);
      this.onData();
    });
  }

  type(text: string): void {
    this.text = '';
    this.pty.write(text);
  }

  ends(text: string): boolean {
    return this.text.includes(text);
  }

  close(): void {
    this.pty.kill('SIGKILL');
  }
}
