import { PortHolder, type Listener, type PortHolderInfo } from './port-holder';

/** Answers from what a spec put into `holders` and `listeners`. */
export class FakePortHolder extends PortHolder {
  readonly holders = new Map<number, PortHolderInfo>();
  listeners: Listener[] = [];

  async describe(port: number): Promise<PortHolderInfo> {
    return this.holders.get(port) ?? { pid: null, text: null };
  }

  async listenersOf(pids: readonly number[]): Promise<Listener[]> {
    return this.listeners.filter((listener) => pids.includes(listener.pid));
  }
}
