import { MemoryKills } from './memory-kills';

/** Counts what a spec says. */
export class FakeMemoryKills extends MemoryKills {
  kills: number | null = 0;

  count(): Promise<number | null> {
    return Promise.resolve(this.kills);
  }
}
