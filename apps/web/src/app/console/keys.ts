/** A key press, as far as it matters here. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** True when the press is `Ctrl K`, `n`, `?` …; on a Mac, Command does what Ctrl does. */
export function isPress(press: KeyPress, keys: string): boolean {
  const parts = keys.split(' ');
  const key = parts.pop() ?? '';
  const control = parts.includes('Ctrl');
  const sameKey = key.length === 1 && !control ? press.key === key : press.key.toLowerCase() === key.toLowerCase();
  return sameKey && (press.ctrlKey || press.metaKey) === control && press.altKey === parts.includes('Alt');
}

/** True for a press that does something while somebody types, too. */
export const isChord = ({ ctrlKey, metaKey, altKey }: KeyPress): boolean => ctrlKey || metaKey || altKey;
