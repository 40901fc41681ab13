/** How often the kernel killed a process because memory ran out: evidence for why an app was gone at once. */
export abstract class MemoryKills {
  /** The count since boot, of this container where that can be told, else of the machine; null when unreadable. */
  abstract count(): Promise<number | null>;
}
