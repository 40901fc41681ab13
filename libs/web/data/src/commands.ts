import { DestroyRef, Injectable, computed, inject, signal } from '@angular/core';

/** Something that a person can ask for by name: in the command palette, and by its keys. */
export interface Command {
  /** The same for as long as it means the same: what was used last is remembered by it. */
  readonly id: string;
  /** What is read and found, such as `Stop ComfyUI`. */
  readonly label: string;
  /** Heading in the palette, such as `Instances`. */
  readonly group: string;
  readonly icon: string;
  /** Further words to find it by. */
  readonly words?: string;
  /** Keys that run it from everywhere, such as `n` or `Ctrl K`. Plain ones do nothing while somebody types. */
  readonly keys?: string;
  readonly run: () => unknown;
}

type Source = () => readonly Command[];

/** All commands of what is on the page right now. */
@Injectable({ providedIn: 'root' })
export class Commands {
  private readonly sources = signal<readonly Source[]>([]);
  readonly all = computed(() => this.sources().flatMap((source) => source()));

  /** @param source reads signals; @returns takes the commands away again */
  add(source: Source): () => void {
    this.sources.update((sources) => [...sources, source]);
    return () => this.sources.update((sources) => sources.filter((other) => other !== source));
  }
}

/** Offers commands for as long as the calling component lives. Call it where `inject` works. */
export function contributeCommands(source: Source): void {
  inject(DestroyRef).onDestroy(inject(Commands).add(source));
}
