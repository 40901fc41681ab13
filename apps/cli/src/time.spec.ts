import { describe, expect, it } from 'vitest';
import { ago, parseCount, parseMoment } from './time';

const now = Date.parse('2026-06-01T12:00:00Z');

describe('parseMoment', () => {
  it.each([
    ['90s', '2026-06-01T11:58:30.000Z'],
    ['10m', '2026-06-01T11:50:00.000Z'],
    ['1h30m', '2026-06-01T10:30:00.000Z'],
    ['7d', '2026-05-25T12:00:00.000Z'],
    ['1w', '2026-05-25T12:00:00.000Z'],
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
  ])('%s is %s', (text, iso) => {
    expect(parseMoment(text, now).toISOString()).toBe(iso);
  });

  it.each(['', '10', 'm', '-5m', 'yesterday', '2026-13-45', '10 m', '1'])('refuses "%s"', (text) => {
    expect(() => parseMoment(text, now)).toThrow(/is no time/);
  });
});

describe('parseCount', () => {
  it('takes whole numbers in the range and nothing else', () => {
    expect(parseCount('tail', '25', 0, 100)).toBe(25);
    for (const text of ['', '-1', '1.5', '1e2', '101', 'ten', '9999999999']) {
      expect(() => parseCount('tail', text, 0, 100)).toThrow(/--tail must be/);
    }
  });
});

describe('ago', () => {
  it('uses the largest whole unit', () => {
    const at = (seconds: number) => new Date(now - seconds * 1000).toISOString();
    expect([0, 59, 60, 3599, 3600, 86_399, 86_400].map((seconds) => ago(at(seconds), now))).toEqual([
      '0s',
      '59s',
      '1m',
      '59m',
      '1h',
      '23h',
      '1d',
    ]);
    expect(ago(at(-5), now)).toBe('0s');
  });
});
