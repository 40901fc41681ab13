import type { ISearchDecorationOptions } from '@xterm/addon-search';
import type { ITheme } from '@xterm/xterm';

/** How a terminal looks in the present theme of the console. */
export interface Look {
  readonly fontFamily: string;
  readonly theme: ITheme;
  readonly found: ISearchDecorationOptions;
}

const names = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;
const brightNames = names.map((name) => `bright${name[0]?.toUpperCase()}${name.slice(1)}` as keyof ITheme);

/**
 * Reads the console's tokens where the terminal stands.
 *
 * @param dark the theme is a dark one: black is a background there, and white one in the light ones
 */
export function lookOf(element: Element, dark: boolean): Look {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const colours = [...names, ...brightNames].map((name, index) => [name, token(`ansi-${index}`)]);
  const [background, primary] = [token('ak-log'), token('mat-sys-primary')];
  const foreground = token('mat-sys-on-surface');
  return {
    fontFamily: token('ak-mono'),
    theme: {
      ...Object.fromEntries(colours),
      ...(dark ? { black: token('mat-sys-surface-container-highest') } : { white: token('mat-sys-outline-variant') }),
      background,
      foreground,
      cursor: primary,
      cursorAccent: background,
      // The colours are #rrggbb: a fourth pair is their opacity.
      selectionBackground: `${primary}55`,
      selectionInactiveBackground: `${primary}33`,
      scrollbarSliderBackground: `${foreground}2e`,
      scrollbarSliderHoverBackground: `${foreground}55`,
      scrollbarSliderActiveBackground: `${foreground}77`,
    },
    found: {
      matchBackground: mixed(background, token('ansi-3'), 0.35),
      matchOverviewRuler: token('ansi-3'),
      // The selection hides its background.
      activeMatchBorder: token('ansi-3'),
      activeMatchColorOverviewRuler: token('ansi-3'),
    },
  };
}

/** A colour between two, each `#rrggbb`: an addon takes no others. @param share of the second one, 0 to 1 */
export function mixed(first: string, second: string, share: number): string {
  const channel = (colour: string, at: number) => Number.parseInt(colour.slice(at, at + 2), 16);
  const parts = [1, 3, 5].map((at) => channel(first, at) * (1 - share) + channel(second, at) * share);
  return `#${parts.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
}
