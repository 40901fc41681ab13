import { describe, expect, it } from 'vitest';
import { deriveDirectory, deriveSlug, isReservedDirectory, uniqueName } from './derive-names';

/** name → slug, directory */
const corpus: readonly [name: string, slug: string, directory: string][] = [
  ['ComfyUI_main', 'comfyui-main', 'ComfyUI_main'],
  ['Flux Gym – entraînement n°2', 'flux-gym-entrainement-n2', 'Flux-Gym-entrainement-n2'],
  ['it\'s a "quoted" & <b>odd</b> name; -- 100%', 'its-a-quoted-boddb-name-100', 'its-a-quoted-bodd-b-name-100'],
  ['LM Studio', 'lm-studio', 'LM-Studio'],
  ['模型🎨 тест', 'app', 'app'],
  ['模型🎨 тест v2', 'v2', 'v2'],
  ['', 'app', 'app'],
  ['   ', 'app', 'app'],
  ['🎨🎨', 'app', 'app'],
  ['---', 'app', 'app'],
  ['.', 'app', 'app'],
  ['..', 'app', 'app'],
  ['../../etc/passwd', 'etcpasswd', 'etc-passwd'],
  ['a/b\\c', 'abc', 'a-b-c'],
  ['.wheels', 'wheels', 'wheels'],
  ['.hidden.', 'hidden', 'hidden'],
  ['-rf', 'rf', 'rf'],
  ['CON', 'con', 'app-CON'],
  ['nul.txt', 'nultxt', 'app-nul.txt'],
  ['COM1', 'com1', 'app-COM1'],
  ['con.' + 'x'.repeat(70), 'con' + 'x'.repeat(37), 'app-con.' + 'x'.repeat(56)],
  ['console', 'console', 'console'],
  ['lost+found', 'lostfound', 'lostfound'],
  ['Ａｐｐ １', 'app-1', 'App-1'],
  ['Ａ'.repeat(64), 'a'.repeat(40), 'A'.repeat(64)],
  ['\u202Eevil\u202C\u200F', 'evil', 'evil'],
  ['zero\u200Bwidth', 'zerowidth', 'zerowidth'],
  ['nul\0byte\nline', 'nulbyte-line', 'nulbyte-line'],
  ['Øresund Straße æther łódź', 'oresund-strasse-aether-lodz', 'Oresund-Strasse-aether-lodz'],
  ['İstanbul ı', 'istanbul-i', 'Istanbul-i'],
  ['e\u0301', 'e', 'e'],
  ['xn--caf-dma', 'xn-caf-dma', 'xn-caf-dma'],
  ['v1.5', 'v15', 'v1.5'],
  [`${'a'.repeat(39)} b`, 'a'.repeat(39), `${'a'.repeat(39)}-b`],
  ['x'.repeat(63) + '.y', 'x'.repeat(40), 'x'.repeat(63)],
  ['\uD800lone', 'lone', 'lone'],
];

describe('deriveSlug', () => {
  it.each(corpus)('%j → %s', (name, slug) => expect(deriveSlug(name)).toBe(slug));

  it('always gives one DNS label that a browser takes as it stands', () => {
    for (const [name] of corpus) {
      const slug = deriveSlug(name);
      expect(slug).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/);
      expect(new URL(`http://${slug}.localhost/`).hostname).toBe(`${slug}.localhost`);
    }
  });
});

describe('deriveDirectory', () => {
  it.each(corpus)('%j → (slug) → %s', (name, _slug, directory) => expect(deriveDirectory(name)).toBe(directory));

  it('always gives one safe path component', () => {
    for (const [name] of corpus) {
      const directory = deriveDirectory(name);
      expect(directory).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/);
      expect(directory).not.toMatch(/\.$/);
      expect(directory.length).toBeLessThanOrEqual(64);
      expect(isReservedDirectory(directory)).toBe(false);
    }
  });

  it('is its own result', () => {
    for (const [name] of corpus) expect(deriveDirectory(deriveDirectory(name))).toBe(deriveDirectory(name));
  });
});

describe('isReservedDirectory', () => {
  it.each(['.wheels', '.WHEELS', 'con', 'CON', 'Aux.log', 'lpt9', 'lost+found'])('%s is', (name) =>
    expect(isReservedDirectory(name)).toBe(true),
  );
  it.each(['wheels', 'console', 'com', 'com10', 'comfy'])('%s is not', (name) =>
    expect(isReservedDirectory(name)).toBe(false),
  );
});

describe('uniqueName', () => {
  it('leaves a free name alone', () => expect(uniqueName('app', ['other'])).toBe('app'));
  it('counts up from 2', () => expect(uniqueName('app', ['app', 'app-2', 'app-3'])).toBe('app-4'));
  it('fills a gap', () => expect(uniqueName('app', ['app', 'app-3'])).toBe('app-2'));
  it('takes names that differ in case for equal', () => expect(uniqueName('Comfy', ['comfy'])).toBe('Comfy-2'));
  it('cuts the name so that the number fits', () =>
    expect(uniqueName('a'.repeat(40), ['a'.repeat(40)], 40)).toBe(`${'a'.repeat(38)}-2`));
  it('does not cut a character in half', () => expect(uniqueName('🎨🎨🎨', ['🎨🎨🎨'], 3)).toBe('🎨-2'));
  it('makes 200 equal names differ', () => {
    const taken = new Set<string>();
    for (let i = 0; i < 200; i += 1) taken.add(uniqueName('app', taken));
    expect(taken.size).toBe(200);
  });
});
