/** What a key does in a terminal instead of being typed into it. */
export type TerminalCommand = 'copy' | 'find' | 'larger' | 'smaller' | 'usual-size' | 'leave';

type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

/** Ctrl alone is the shell's (Ctrl-C, Ctrl-F): ours have Shift, as in other terminals. */
const withShift: Readonly<Record<string, TerminalCommand>> = { c: 'copy', f: 'find', f6: 'leave' };
/** With or without Shift, which some keyboards need for them. Ctrl _ is not among them: it is undo in a shell. */
const sizes: Readonly<Record<string, TerminalCommand>> = {
  '+': 'larger',
  '=': 'larger',
  '-': 'smaller',
  '0': 'usual-size',
};

/** The command of a press; null when it is for the program. On a Mac, Command does what Ctrl does. */
export function commandOf({ key, ctrlKey, metaKey, shiftKey, altKey }: Press): TerminalCommand | null {
  if (altKey || !(ctrlKey || metaKey)) return null;
  return sizes[key] ?? (shiftKey ? (withShift[key.toLowerCase()] ?? null) : null);
}

/** The browser's own way to paste: it makes a `paste` event of it. */
export function isPasteKey({ key, ctrlKey, metaKey, shiftKey, altKey }: Press): boolean {
  if (altKey) return false;
  if (key === 'Insert') return shiftKey && !ctrlKey && !metaKey;
  return key.toLowerCase() === 'v' && (metaKey || (ctrlKey && shiftKey));
}
