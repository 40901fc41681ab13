import { Injectable, computed, signal } from '@angular/core';
import { errorMessage } from './api-error';

export type ToastLevel = 'info' | 'success' | 'warning' | 'error';
export interface Toast {
  readonly id: number;
  readonly level: ToastLevel;
  readonly title: string;
  readonly message: string;
  /** ms since 1970 */
  readonly at: number;
}

const shownForMs: Record<ToastLevel, number> = { info: 6_000, success: 4_000, warning: 12_000, error: Infinity };
const kept = 100;

/** Messages to the person. Errors stay until closed; the last 100 can be read again. */
@Injectable({ providedIn: 'root' })
export class Toasts {
  private readonly all = signal<readonly Toast[]>([]);
  private readonly open = signal<ReadonlySet<number>>(new Set());
  private readonly seen = signal(0);
  private nextId = 1;

  /** Newest first. */
  readonly history = this.all.asReadonly();
  readonly shown = computed(() => this.all().filter(({ id }) => this.open().has(id)));
  /** Errors that came after the list was last read. */
  readonly unread = computed(() => this.all().filter(({ id, level }) => level === 'error' && id > this.seen()).length);

  info(title: string, message = ''): void {
    this.add('info', title, message);
  }

  success(title: string, message = ''): void {
    this.add('success', title, message);
  }

  warning(title: string, message = ''): void {
    this.add('warning', title, message);
  }

  /** @param title what failed; the rest (why, what to do) comes from the error. */
  error(title: string, cause: unknown): void {
    this.add('error', title, typeof cause === 'string' ? cause : errorMessage(cause));
  }

  dismiss(id: number): void {
    this.open.update((open) => new Set([...open].filter((other) => other !== id)));
  }

  dismissAll(): void {
    this.open.set(new Set());
  }

  /** The person looks at the list: nothing is unread now. */
  markRead(): void {
    this.seen.set(this.nextId - 1);
  }

  private add(level: ToastLevel, title: string, message: string): void {
    const same = this.shown().find((toast) => toast.title === title && toast.message === message);
    if (same) this.dismiss(same.id);
    const toast = { id: this.nextId++, level, title, message, at: Date.now() };
    this.all.update((all) => [toast, ...all].slice(0, kept));
    this.open.update((open) => new Set([...open, toast.id]));
    const lifetime = shownForMs[level];
    if (Number.isFinite(lifetime)) setTimeout(() => this.dismiss(toast.id), lifetime);
  }
}
