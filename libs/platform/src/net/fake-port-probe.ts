import { PortProbe, type ProbeOptions, type ProbeResult } from './port-probe';

/** Ports that answer as a spec says; all others are closed. */
export class FakePortProbe extends PortProbe {
  readonly probes: { port: number; options: ProbeOptions }[] = [];
  private readonly answers = new Map<number, ProbeResult>();

  /** From now on `port` answers this; null closes it. `set(1, {httpStatus: 200})` implies `tcp: true`. */
  set(port: number, answer: Partial<ProbeResult> | null): void {
    if (answer) this.answers.set(port, { tcp: true, httpStatus: null, ...answer });
    else this.answers.delete(port);
  }

  async probe(port: number, options: ProbeOptions = {}): Promise<ProbeResult> {
    this.probes.push({ port, options });
    return this.answers.get(port) ?? { tcp: false, httpStatus: null };
  }
}
