import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** The scripts are plain JavaScript: what is tested of them is declared here. */
async function load<T>(name: string): Promise<T> {
  return (await import(/* @vite-ignore */ join(import.meta.dirname, name))) as T;
}

describe('tooOld', () => {
  it.each([
    ['20.19.0', true],
    ['20.20.2', true],
    ['22.12.0', true],
    ['24.0.0', true],
    ['25.1.0', true],
    ['20.18.9', false],
    ['21.7.0', false],
    ['22.11.0', false],
    ['23.5.0', false],
    ['18.20.0', false],
  ])('%s is supported: %s', async (version, supported) => {
    const { tooOld } = await load<{ tooOld(version: string): string | null }>('node-version.mjs');
    expect(tooOld(version) === null).toBe(supported);
  });
});

describe('duration', () => {
  it.each([
    [12.4, '12 ms'],
    [1_400, '1 s'],
    [59_900, '1 min 0 s'],
    [125_000, '2 min 5 s'],
  ])('%s ms is %s', async (ms, text) => {
    const { duration } = await load<{ duration(ms: number): string }>('steps.mjs');
    expect(duration(ms)).toBe(text);
  });
});

describe('whatIsMissing', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'aikore-packages-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const sqlite = { 'node_modules/sqlite3': { version: '6.0.1', integrity: 'a' } };
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const wanted = (packages: object): void =>
    put('package-lock.json', JSON.stringify({ packages: { '': {}, ...packages } }));
  const installed = (packages: object): void => put('node_modules/.package-lock.json', JSON.stringify({ packages }));
  const compiled = (): void => put('node_modules/sqlite3/build/Release/node_sqlite3.node', '');
  const missing = async (): Promise<string | null> =>
    (await load<{ whatIsMissing(folder: string): string | null }>('packages.mjs')).whatIsMissing(folder);

  it('says why the packages have to be installed', async () => {
    wanted(sqlite);
    expect(await missing()).toBe('first start');
    installed(sqlite);
    expect(await missing()).toBe('sqlite3 is not compiled');
    compiled();
    expect(await missing()).toBeNull();
    installed({ 'node_modules/sqlite3': { version: '5.1.7', integrity: 'b' } });
    expect(await missing()).toBe('package-lock.json has changed');
  });

  it('does not ask for packages of other platforms', async () => {
    wanted({ ...sqlite, 'node_modules/for-windows': { version: '1.0.0', optional: true } });
    installed(sqlite);
    compiled();
    expect(await missing()).toBeNull();
  });
});
