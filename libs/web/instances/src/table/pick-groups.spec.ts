import type { Blueprint, Instance, PoolPort } from '@aikore/contract';
import { describe, expect, it } from 'vitest';
import { blueprintGroups, portGroups, suggestedBlueprints } from './pick-groups';

const blueprint = (name: string, more: Partial<Blueprint> = {}) =>
  ({
    filename: `${name}.sh`,
    name,
    source: 'stock',
    category: 'c',
    description: 'd',
    problem: null,
    usable: true,
    ...more,
  }) as Blueprint;

describe('lists to choose from', () => {
  it('groups blueprints, and says why one cannot be used', () => {
    const groups = blueprintGroups([
      blueprint('A'),
      blueprint('B', { source: 'custom', problem: 'It is empty.', usable: false }),
    ]);
    expect(groups.map(({ label }) => label)).toEqual(['Stock', 'Custom']);
    expect(groups[1]?.options[0]).toMatchObject({ value: 'B.sh', text: 'It is empty.', disabled: true });
  });

  it('offers a blueprint whose header is broken: it runs with the defaults', () => {
    const broken = blueprint('B', { problem: 'Line 3: no end mark' });
    const [group] = blueprintGroups([broken]);
    expect(group?.options[0]).toMatchObject({ text: 'Line 3: no end mark', disabled: false });
    expect(suggestedBlueprints([broken])).toEqual([broken]);
  });

  it('offers Auto, free ports and the own one', () => {
    const port = (number: number, state: PoolPort['state'], instance_id: number | null = null): PoolPort => ({
      port: number,
      state,
      instance_id,
      holder: state === 'foreign' ? 'nginx (12)' : null,
    });
    const pool = [port(1, 'leased', 5), port(2, 'leased', 6), port(3, 'free'), port(4, 'foreign')];
    const [group] = portGroups(pool, 1, [{ id: 6, name: 'Six' } as Instance]);
    expect(group?.options.map(({ value, side, disabled }) => [value, side, disabled ?? false])).toEqual([
      [null, 'lowest free', false],
      [1, '', false],
      [2, 'Six', true],
      [3, '', false],
      [4, 'nginx (12)', true],
    ]);
  });

  it('suggests what works everywhere first', () => {
    const all = [
      blueprint('Big', { needs_gpu: true }),
      blueprint('Bad', { problem: 'x', usable: false }),
      blueprint('Node-RED'),
    ];
    expect(suggestedBlueprints([...all, blueprint('Diagnostics')]).map(({ name }) => name)).toEqual([
      'Diagnostics',
      'Node-RED',
      'Big',
    ]);
  });
});
