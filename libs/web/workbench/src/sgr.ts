/** A colour of a terminal: 0-15 by theme, 16-255 of the cube, or `#rrggbb`. */
export type TerminalColour = number | `#${string}`;

/** What SGR sequences (ECMA-48 §8.3.117, and xterm's 256 and direct colours) have switched on. */
export interface SgrState {
  readonly fg: TerminalColour | null;
  readonly bg: TerminalColour | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly strike: boolean;
  readonly inverse: boolean;
}

export const plain: SgrState = {
  fg: null,
  bg: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  strike: false,
  inverse: false,
};

const switches: Record<number, Partial<SgrState>> = {
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  9: { strike: true },
  21: { underline: true },
  22: { bold: false, dim: false },
  23: { italic: false },
  24: { underline: false },
  27: { inverse: false },
  29: { strike: false },
  39: { fg: null },
  49: { bg: null },
};

const byte = (value: number | undefined) => Math.min(255, Math.max(0, value ?? 0));
const hex = (value: number | undefined) => byte(value).toString(16).padStart(2, '0');

/** Reads what follows 38 or 48: `5;n` or `2;r;g;b`. @returns the colour and how many numbers it took. */
function extended(codes: readonly number[], at: number): { colour: TerminalColour | null; used: number } {
  if (codes[at] === 5) return { colour: byte(codes[at + 1]), used: 2 };
  if (codes[at] === 2) {
    return { colour: `#${hex(codes[at + 1])}${hex(codes[at + 2])}${hex(codes[at + 3])}`, used: 4 };
  }
  return { colour: null, used: codes.length - at };
}

function basicColour(code: number): Partial<SgrState> | null {
  if (code >= 30 && code <= 37) return { fg: code - 30 };
  if (code >= 90 && code <= 97) return { fg: code - 90 + 8 };
  if (code >= 40 && code <= 47) return { bg: code - 40 };
  if (code >= 100 && code <= 107) return { bg: code - 100 + 8 };
  return null;
}

/** The state after one sequence; `parameters` is what stands between `ESC [` and `m`. Unknown codes change nothing. */
export function applySgr(state: SgrState, parameters: string): SgrState {
  // `38:2::r:g:b` holds an empty colour space, which the semicolon form has not.
  const codes = parameters
    .replace(/([34]8):2::/g, '$1:2:')
    .split(/[;:]/)
    .map(Number);
  let next = state;
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    if (code === 0) next = plain;
    else if (code === 38 || code === 48) {
      const { colour, used } = extended(codes, at + 1);
      if (colour !== null) next = { ...next, [code === 38 ? 'fg' : 'bg']: colour };
      at += used;
    } else next = { ...next, ...(switches[code] ?? basicColour(code)) };
  }
  return next;
}

const steps = [0, 95, 135, 175, 215, 255];

/** The CSS value of a colour; the first 16 belong to the theme (`--ansi-n`). */
export function cssColour(colour: TerminalColour): string {
  if (typeof colour === 'string') return colour;
  if (colour < 16) return `var(--ansi-${colour})`;
  if (colour >= 232) return `#${hex(8 + (colour - 232) * 10).repeat(3)}`;
  const cube = colour - 16;
  return `#${hex(steps[Math.floor(cube / 36)])}${hex(steps[Math.floor(cube / 6) % 6])}${hex(steps[cube % 6])}`;
}
