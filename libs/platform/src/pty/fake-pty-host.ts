import { Pty, PtyError, type PtyExit, PtyHost, type PtySpec } from './pty-host';

/** A terminal whose program is the spec: it says what the program writes, and sees what it is told. */
export class FakePty extends Pty {
  override readonly exited: Promise<PtyExit>;
  /** All input so far. */
  input = '';
  /** The program does not read: writes stay open. */
  isDeaf = false;
  isPaused = false;
  busy = false;
  cols: number;
  rows: number;
  private listener: (bytes: Uint8Array) => void = () => undefined;
  private held: Uint8Array[] = [];
  private waiting: (() => void)[] = [];
  private exit!: (exit: PtyExit) => void;

  constructor(
    override readonly pid: number,
    readonly spec: PtySpec,
  ) {
    super();
    ({ cols: this.cols, rows: this.rows } = spec);
    this.exited = new Promise((resolve) => (this.exit = resolve));
  }

  override onOutput(listener: (bytes: Uint8Array) => void): void {
    this.listener = listener;
  }

  override write(bytes: Uint8Array): Promise<void> {
    this.input += Buffer.from(bytes).toString();
    if (this.spec.argv[0] === 'cat') this.output(Buffer.from(bytes).toString());
    return this.isDeaf ? new Promise((resolve) => this.waiting.push(resolve)) : Promise.resolve();
  }

  override pause(): void {
    this.isPaused = true;
  }

  override resume(): void {
    this.isPaused = false;
    for (const bytes of this.held.splice(0)) this.listener(bytes);
  }

  override resize(cols: number, rows: number): void {
    this.cols = cols;
    this.rows = rows;
  }

  override isBusy(): boolean {
    return this.busy;
  }

  override end(): Promise<void> {
    this.finish({ code: null, signal: 'SIGHUP' });
    return Promise.resolve();
  }

  /** The program writes. */
  output(text: string | Uint8Array): void {
    const bytes = Buffer.from(text);
    if (this.isPaused) this.held.push(bytes);
    else this.listener(bytes);
  }

  /** The program ends. */
  finish(exit: PtyExit): void {
    this.resume();
    for (const done of this.waiting.splice(0)) done();
    this.exit(exit);
  }
}

/** Terminals without processes. A program named `cat` gives back what it is told. */
export class FakePtyHost extends PtyHost {
  readonly opened: FakePty[] = [];
  /** Programs and folders that are not there. */
  readonly missing = new Set<string>();

  override open(spec: PtySpec): Promise<Pty> {
    for (const name of [spec.argv[0] ?? '', spec.cwd]) {
      if (this.missing.has(name)) return Promise.reject(new PtyError(`${name} is not there.`));
    }
    const pty = new FakePty(this.opened.length + 1, spec);
    this.opened.push(pty);
    return Promise.resolve(pty);
  }
}
