/** Longest slug, so that `-2` and the like still fit well into a DNS label of 63. */
export const maxSlugLength = 40;
export const maxDirectoryLength = 64;
const fallback = 'app';

/** Letters that Unicode does not decompose into an ASCII letter and a mark. */
const foldedLetters: Readonly<Record<string, string>> = {
  ß: 'ss',
  ẞ: 'SS',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  ø: 'o',
  Ø: 'O',
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  Ð: 'D',
  ł: 'l',
  Ł: 'L',
  þ: 'th',
  Þ: 'TH',
  ı: 'i',
};

/** Diacritics and wide or styled forms removed: `Éß Ａ` → `Ess A`. Other scripts stay as they are. */
const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[ßẞæÆœŒøØđĐðÐłŁþÞı]/gu, (letter) => foldedLetters[letter] ?? letter);

/**
 * The part of an instance's address that is made from its name: one DNS label (RFC 1123 §2.1) of at most 40 of
 * `a-z 0-9 -`. As in the original AiKore other characters are dropped, spaces and underscores become dashes, so links
 * keep working. Runs of dashes become one: browsers take `xn--…` for an encoded name (RFC 5891 §4.2.3.1).
 *
 * @returns never an empty text; not unique, see `uniqueName`.
 */
export function deriveSlug(name: string): string {
  const kept = fold(name)
    .toLowerCase()
    .replace(/[^a-z0-9\s_-]/gu, '')
    .replace(/[\s_-]+/g, '-')
    .replace(/^-/, '');
  return kept.slice(0, maxSlugLength).replace(/-$/, '') || fallback;
}

/**
 * Names that are no good for a folder: what AiKore keeps in `instances/` itself, and the device names of Windows, which
 * a data folder on a share may meet (`con` as well as `con.txt`).
 */
const reserved = /^(?:\.wheels|lost\+found|(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?)$/i;

export const isReservedDirectory = (directory: string): boolean => reserved.test(directory);

/**
 * A readable folder name made from an instance's name: at most 64 of `A-Z a-z 0-9 _ - .`, no dot or dash at the
 * start (hidden files, options of commands), no dot at the end (Windows drops it), not reserved.
 *
 * @returns never an empty text; not unique, see `uniqueName`.
 */
export function deriveDirectory(name: string): string {
  const kept = fold(name)
    .replace(/[\s/\\]+/g, '-')
    .replace(/[^A-Za-z0-9_.-]/gu, '')
    .replace(/-{2,}/g, '-')
    .replace(/^[.-]+/, '');
  const directory = kept.slice(0, maxDirectoryLength).replace(/[.-]+$/, '') || fallback;
  return isReservedDirectory(directory) ? deriveDirectory(`${fallback}-${directory}`) : directory;
}

/**
 * `base` when it is free, else `base-2`, `base-3` … Names that differ in case only count as equal, because some file
 * systems and all of DNS take them for one.
 *
 * @param taken what is in use.
 * @param maxLength in characters; `base` is cut so that the number fits.
 */
export function uniqueName(base: string, taken: Iterable<string>, maxLength = maxDirectoryLength): string {
  const used = new Set([...taken].map((name) => name.toLowerCase()));
  let candidate = cut(base, maxLength);
  for (let n = 2; used.has(candidate.toLowerCase()); n += 1) {
    candidate = `${cut(base, maxLength - `-${n}`.length)}-${n}`;
  }
  return candidate;
}

/** Whole characters: half of a surrogate pair is no text. */
const cut = (text: string, length: number): string => [...text].slice(0, length).join('');
