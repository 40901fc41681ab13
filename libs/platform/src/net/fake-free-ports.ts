import { FreePorts } from './free-ports';

/** Counts up from 40000; `taken` holds the ports a stranger listens on. */
export class FakeFreePorts extends FreePorts {
  readonly taken = new Set<number>();

  constructor(private next = 40_000) {
    super();
  }

  async findFree(exclude: (port: number) => boolean = () => false): Promise<number> {
    while (this.taken.has(this.next) || exclude(this.next)) this.next += 1;
    this.next += 1;
    return this.next - 1;
  }

  async canListen(_host: string, port: number): Promise<boolean> {
    return !this.taken.has(port);
  }
}
