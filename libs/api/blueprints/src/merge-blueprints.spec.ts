import type { Blueprint } from '@aikore/contract';
import { defaultHeader } from '@aikore/domain';
import { describe, expect, it } from 'vitest';
import { mergeBlueprints } from './merge-blueprints';

const blueprint = (filename: string, source: Blueprint['source'], name?: string): Blueprint => ({
  ...defaultHeader(filename),
  ...(name ? { name } : {}),
  filename,
  source,
  shadows: false,
  usable: true,
});

describe('mergeBlueprints', () => {
  it('sorts by name without regard to case, then by file', () => {
    const merged = mergeBlueprints(
      [blueprint('z.sh', 'stock', 'alpha'), blueprint('App10.sh', 'stock'), blueprint('app2.sh', 'stock')],
      [blueprint('b.sh', 'custom', 'Alpha')],
    );
    expect(merged.map(({ filename }) => filename)).toEqual(['b.sh', 'z.sh', 'app2.sh', 'App10.sh']);
  });

  it('lets a custom blueprint stand in for the stock one of its file name', () => {
    const merged = mergeBlueprints(
      [blueprint('App.sh', 'stock', 'Shipped'), blueprint('Other.sh', 'stock')],
      [blueprint('App.sh', 'custom', 'Mine'), blueprint('New.sh', 'custom')],
    );
    expect(merged.map(({ name, source, shadows }) => [name, source, shadows])).toEqual([
      ['Mine', 'custom', true],
      ['New', 'custom', false],
      ['Other', 'stock', false],
    ]);
  });
});
