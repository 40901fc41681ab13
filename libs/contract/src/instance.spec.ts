import { describe, expect, it } from 'vitest';
import { gpuIds, startSettings, waitsForStart } from './instance';
import { appPath } from './routes';

describe('waitsForStart', () => {
  it.each(startSettings)('%s is taken over at the next start', (setting) =>
    expect(waitsForStart(['autostart', setting])).toBe(true),
  );

  it('everything else is taken over at once', () => {
    const hot = ['name', 'port', 'autostart', 'restart_policy', 'hostname', 'use_custom_hostname'];
    expect(waitsForStart(hot)).toBe(false);
    expect(waitsForStart([])).toBe(false);
  });
});

describe('gpuIds', () => {
  it.each([
    ['', ''],
    ['0', '0'],
    [' 0 , 2 ', '0,2'],
    ['0 1', null],
    ['0,0', null],
    ['0,00', null],
    ['0,', null],
    ['-1', null],
    ['a', null],
  ])('%j → %j', (text, expected) => expect(gpuIds.safeParse(text).data ?? null).toBe(expected));
});

describe('appPath', () => {
  it.each(['/', '/a//b?c=d#e', '/ü%20x'])('%j is one', (path) => expect(appPath.safeParse(path).success).toBe(true));
  it.each(['', 'a', '//evil.example', '/\\evil.example', '/\r\nX: 1', '/a\0', 'https://x/'])('%j is none', (path) =>
    expect(appPath.safeParse(path).success).toBe(false),
  );
});
