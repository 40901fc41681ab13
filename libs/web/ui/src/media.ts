import { DestroyRef, inject, signal, type Signal } from '@angular/core';

/** A media query as a signal. Call it where `inject` works. */
export function mediaQuery(query: string): Signal<boolean> {
  const list = matchMedia(query);
  const matches = signal(list.matches);
  const update = () => matches.set(list.matches);
  list.addEventListener('change', update);
  inject(DestroyRef).onDestroy(() => list.removeEventListener('change', update));
  return matches.asReadonly();
}
