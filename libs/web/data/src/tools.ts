import { Injectable, InjectionToken, computed, inject, signal, type Type } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { NavigationEnd, Router } from '@angular/router';
import type { Role } from '@aikore/contract';
import { Subject, filter } from 'rxjs';
import { SessionStore } from './session-store';

/**
 * A tool of the Tools pane, as data. Its component gets the input `visible` (boolean: it is the one that is seen) and,
 * when it is about an instance, `instance` (always there; replaced at every change of the instance).
 */
export interface Tool {
  /** In the address and in the remembered zoom: never change it. */
  readonly id: string;
  readonly label: string;
  readonly icon: string;
  /** `instance`: one view per instance, chosen in the pane's header. `server`: one view. */
  readonly about: 'instance' | 'server';
  /** The lowest role that gets to see it. */
  readonly role: Role;
  /** The key that opens it. */
  readonly key?: string;
  /** What its own keys do, for the list of shortcuts. */
  readonly shortcuts?: readonly { readonly keys: string; readonly text: string }[];
  /** How many views, one per instance, are kept alive; the one unused for longest goes first. 4 when absent. */
  readonly keep?: number;
  readonly load: () => Promise<Type<unknown>>;
}

/** Every tool there is, in the order of the header. */
export const TOOLS = new InjectionToken<readonly Tool[]>('tools', { factory: () => [] });

/** What the address says: `?tool=logs&instance=7`. */
export interface ToolPlace {
  /** null: the welcome screen. */
  readonly tool: Tool | null;
  readonly instanceId: number | null;
}

/** Which tools this person has, which one is shown, and about which instance. The address keeps the place. */
@Injectable({ providedIn: 'root' })
export class Tools {
  private readonly router = inject(Router);
  private readonly session = inject(SessionStore);
  private readonly all = inject(TOOLS);
  private readonly asked = new Subject<void>();
  private readonly query = signal(this.readAddress());

  readonly available = computed(() => this.all.filter(({ role }) => this.session.may(role)));
  readonly place = computed<ToolPlace>(() => {
    const { tool, instance } = this.query();
    return { tool: this.available().find(({ id }) => id === tool) ?? null, instanceId: instance };
  });
  /** Somebody asked for a tool: its pane must come into sight. */
  readonly opened = this.asked.asObservable();

  constructor() {
    this.router.events
      .pipe(
        filter((event) => event instanceof NavigationEnd),
        takeUntilDestroyed(),
      )
      .subscribe(() => this.query.set(this.readAddress()));
  }

  /** True when this person has the tool. */
  has(id: string): boolean {
    return this.available().some((tool) => tool.id === id);
  }

  /**
   * Shows a tool.
   *
   * @param id of the tool; null is the welcome screen
   * @param instanceId what it is about; left out, the instance stays as it is
   */
  open(id: string | null, instanceId: number | null = this.place().instanceId): void {
    this.asked.next();
    void this.router.navigate(['/'], { queryParams: { tool: id, instance: instanceId }, replaceUrl: true });
  }

  private readAddress(): { tool: string | null; instance: number | null } {
    const query = this.router.parseUrl(this.router.url).queryParamMap;
    const instance = Number(query.get('instance'));
    return { tool: query.get('tool'), instance: Number.isInteger(instance) && instance > 0 ? instance : null };
  }
}
