/** A value that was understood, or why it does not fit: the rest of a sentence that begins with the key. */
export type HeaderValue = { value: string | number | boolean } | { problem: string };
type Read = (written: string) => HeaderValue;

const shown = (written: string) => `"${written.length > 40 ? `${written.slice(0, 40)}…` : written}"`;
const hasControl = (text: string) => /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(text);

const text =
  (most: number): Read =>
  (written) => {
    if (hasControl(written)) return { problem: 'holds a control character' };
    return written.length > most ? { problem: `is longer than ${most} characters` } : { value: written };
  };

const oneOf =
  (...allowed: string[]): Read =>
  (written) => {
    const value = written.toLowerCase();
    return allowed.includes(value)
      ? { value }
      : { problem: `is ${shown(written)}, but must be one of ${allowed.join(', ')}` };
  };

const words: Readonly<Record<'true' | 'false', readonly string[]>> = {
  true: ['true', 'yes', 'on', '1'],
  false: ['false', 'no', 'off', '0'],
};
const flag: Read = (written) => {
  const word = written.toLowerCase();
  if (words.true.includes(word)) return { value: true };
  if (words.false.includes(word)) return { value: false };
  return { problem: `is ${shown(written)}, but must be true or false` };
};

const wholeNumber =
  (least: number, most: number): Read =>
  (written) => {
    const value = /^\d{1,15}$/.test(written) ? Number(written) : Number.NaN;
    return value >= least && value <= most
      ? { value }
      : { problem: `is ${shown(written)}, but must be a whole number from ${least} to ${most}` };
  };

/**
 * A folder below the instance's own, as `./a/b`. The instance folder itself is refused as well: rebuilding an
 * environment deletes this folder.
 */
const folderInside: Read = (written) => {
  if (hasControl(written) || written.length > 255) return { problem: 'is not a usable folder name' };
  if (/^[/~]/.test(written)) return { problem: `is ${shown(written)}, but must be relative to the instance folder` };
  const parts: string[] = [];
  for (const part of written.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return { problem: `is ${shown(written)}, which leaves the instance folder` };
  }
  if (parts.length === 0) return { problem: `is ${shown(written)}, but must be a folder inside the instance folder` };
  return { value: `./${parts.join('/')}` };
};

const urlPath: Read = (written) =>
  /^\/(?!\/)[\x21-\x7e]{0,255}$/.test(written)
    ? { value: written }
    : { problem: `is ${shown(written)}, but must be a path that begins with one "/", without spaces` };

/** Every key of the header, and how its value is read. */
export const headerKeys: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['name', text(64)],
  ['category', text(64)],
  ['description', text(500)],
  ['venv_type', oneOf('conda', 'python', 'none')],
  ['venv_path', folderInside],
  ['persistent_mode', flag],
  ['needs_gpu', flag],
  ['base_path', flag],
  ['start_timeout', wholeNumber(5, 86_400)],
  ['health_path', urlPath],
]);
