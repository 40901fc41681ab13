import { describe, expect, it } from 'vitest';
import { startSettings, waitsForStart } from './instance';

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
