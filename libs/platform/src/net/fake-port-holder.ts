import { PortHolder, type ExposedSocket, type Listener, type PortHolderInfo } from './port-holder';

/** Answers from what a spec put into `holders`, `listeners` and `sockets`. */
export class FakePortHolder extends PortHolder {
  readonly holders = new Map<number, PortHolderInfo>();
  listeners: Listener[] = [];
  /** What `exposed` answers. */
  sockets: ExposedSocket[] = [];
  /** How often processes were looked at. */
  looks = 0;

  async describe(port: number): Promise<PortHolderInfo> {
    return this.holders.get(port) ?? { pid: null, text: null };
  }

  async listenersOf(pids: readonly number[]): Promise<Listener[]> {
    this.looks += 1;
    return this.listeners.filter((listener) => pids.includes(listener.pid));
  }

  async exposed(): Promise<ExposedSocket[]> {
    return this.sockets;
  }
}
