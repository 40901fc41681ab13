/** Entries of one kind that are remembered; a program that sets more is playing. */
const maxEntries = 64;
/**
 * Modes that are not remembered: which screen is shown is the matter of `ReplayLog`, a saved cursor cannot be said
 * again, and an update of the screen (2026) that never ends would keep a viewer from drawing.
 */
const ignoredModes = new Set(['47', '1047', '1048', '1049', '2026']);

/** What is saved and brought back together with the cursor (DECSC, DECRC). */
const ofCursor = ['charset (', 'charset )', 'charset *', 'charset +'];
const originMode = '?6';

/** Which SGR parameters one takes back (ECMA-48 §8.3.117; colours have a key for all of their values). */
const takenBack: Readonly<Record<string, readonly string[]>> = {
  22: ['1', '2'],
  23: ['3', '20'],
  24: ['4', '21'],
  25: ['5', '6'],
  27: ['7'],
  28: ['8'],
  29: ['9'],
  55: ['53'],
  39: ['foreground'],
  49: ['background'],
  59: ['underline colour'],
};

/**
 * What stays set in a terminal until somebody takes it back: modes, colours, scroll region, character sets, keypad,
 * cursor shape. With it a stream of output can begin in the middle.
 */
export class TerminalModes {
  private region = '';
  private colours = new Map<string, string>();
  private readonly modes = new Map<string, string>();
  private readonly others = new Map<string, string>();

  clone(): TerminalModes {
    const copy = new TerminalModes();
    copy.region = this.region;
    copy.colours = new Map(this.colours);
    for (const [key, value] of this.modes) copy.modes.set(key, value);
    for (const [key, value] of this.others) copy.others.set(key, value);
    return copy;
  }

  /** Brings a terminal that was just reset into this state; the cursor is at home afterwards. */
  prelude(): string {
    const colours = this.colours.size > 0 ? `\x1b[${[...this.colours.values()].join(';')}m` : '';
    return this.region + [...this.others.values(), ...this.modes.values()].join('') + colours;
  }

  /** The other screen, which has its own scroll region, is entered. @returns the state before, for `leaveOtherScreen` */
  enterOtherScreen(): TerminalModes {
    const before = this.clone();
    this.region = '';
    return before;
  }

  /**
   * The other screen is left: what comes back with the cursor of the main one is again as it was there.
   *
   * @param before the state when it was entered
   * @returns what the main screen must be told, without moving its cursor: what may have changed meanwhile and stays
   */
  leaveOtherScreen(before: TerminalModes): string {
    this.region = before.region;
    this.colours = new Map(before.colours);
    for (const key of ofCursor) restore(this.others, before.others, key);
    restore(this.modes, before.modes, originMode);
    const stays = (map: Map<string, string>): string =>
      [...map].map(([key, value]) => (key === originMode || ofCursor.includes(key) ? '' : value)).join('');
    // Mode 1049 saves the cursor and brings it back, which also takes it off the margin.
    return `\x1b7\x1b8${stays(this.others)}${stays(this.modes)}`;
  }

  /** Take in a whole sequence of the output. */
  apply(sequence: string): void {
    const kind = sequence.charAt(1);
    if (kind === '[') this.applyCsi(sequence.slice(2, -1), sequence.slice(-1), sequence);
    else if (sequence === '\x1bc') this.reset();
    else if (sequence === '\x1b=' || sequence === '\x1b>') put(this.others, 'keypad', sequence);
    else if ('()*+'.includes(kind) && sequence.length === 3) put(this.others, `charset ${kind}`, sequence);
  }

  private applyCsi(parameters: string, final: string, sequence: string): void {
    if (final === 'h' || final === 'l') this.applyModes(parameters, final);
    else if (final === 'm' && /^[\d;:]*$/.test(parameters)) this.applyColours(parameters.split(';'));
    else if (final === 'r' && /^[\d;]*$/.test(parameters)) this.region = sequence;
    else if (final === 'q' && parameters.endsWith(' ')) put(this.others, 'cursor', sequence);
    else if (final === 'p' && parameters === '!') this.reset();
  }

  private applyModes(parameters: string, final: string): void {
    const [, mark = '', numbers = ''] = /^(\??)([\d;]*)$/.exec(parameters) ?? [];
    for (const number of numbers.split(';')) {
      // Some exclude each other (mouse reporting): they are said again in the order of their last change.
      if (number && !ignoredModes.has(number)) put(this.modes, mark + number, `\x1b[${mark}${number}${final}`);
    }
  }

  private applyColours(tokens: readonly string[]): void {
    for (let at = 0; at < tokens.length;) {
      const taken = tokensOfColour(tokens, at);
      this.applyColour(tokens[at] || '0', tokens.slice(at, at + taken).join(';'));
      at += taken;
    }
  }

  private applyColour(first: string, value: string): void {
    const [code = ''] = first.split(':');
    if (code === '0') this.colours.clear();
    const back = first === '4:0' ? takenBack['24'] : takenBack[code];
    for (const key of back ?? []) this.colours.delete(key);
    if (!back && code !== '0') put(this.colours, colourKey(Number(code)) ?? code, value);
  }

  private reset(): void {
    this.region = '';
    for (const map of [this.modes, this.colours, this.others]) map.clear();
  }
}

/** `38;5;n` and `38;2;r;g;b` are one colour; with colons they are one token already. */
function tokensOfColour(tokens: readonly string[], at: number): number {
  if (!['38', '48', '58'].includes(tokens[at] ?? '')) return 1;
  return { '5': 3, '2': 5 }[tokens[at + 1] ?? ''] ?? 1;
}

function colourKey(code: number): string | null {
  if ((code >= 30 && code <= 38) || (code >= 90 && code <= 97)) return 'foreground';
  if ((code >= 40 && code <= 48) || (code >= 100 && code <= 107)) return 'background';
  return code === 58 ? 'underline colour' : null;
}

function restore(map: Map<string, string>, before: Map<string, string>, key: string): void {
  const value = before.get(key);
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}

/** Set, as the newest; the oldest goes when there are too many. */
function put(map: Map<string, string>, key: string, value: string): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > maxEntries && oldest !== undefined) map.delete(oldest);
}
