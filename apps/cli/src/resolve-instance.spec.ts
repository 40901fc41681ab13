import type { Run } from '@aikore/contract';
import { describe, expect, it } from 'vitest';
import { exitCodes } from './exit-codes';
import { resolveInstance, resolveRun } from './resolve-instance';

const instances = [
  { id: 1, slug: 'comfy', name: 'Comfy' },
  { id: 2, slug: 'forge', name: 'My Forge' },
  { id: 3, slug: '2', name: 'Two' },
  { id: 4, slug: 'my-forge-2', name: 'MY FORGE' },
];

describe('resolveInstance', () => {
  it.each([
    ['1', 1],
    ['forge', 2],
    ['My Forge', 2],
    ['MY FORGE', 4],
    ['COMFY', 1],
    ['two', 3],
  ])('%s is number %i', (text, id) => {
    expect(resolveInstance(instances, text).id).toBe(id);
  });

  it('lists the candidates when several match', () => {
    expect(() => resolveInstance(instances, '2')).toThrow(/2 {2}forge[^]*3 {2}2 {2}"Two"/);
    expect(() => resolveInstance(instances, 'my forge')).toThrow(
      expect.objectContaining({ exitCode: exitCodes.usage }),
    );
  });

  it('says when there is none', () => {
    expect(() => resolveInstance(instances, 'x')).toThrow(expect.objectContaining({ exitCode: exitCodes.notFound }));
  });
});

describe('resolveRun', () => {
  const runs = ['aaaa-1', 'aaaa-2', 'bbbb-1'].map((id) => ({ id }) as Run);

  it('takes the id or a beginning that only one has', () => {
    expect(resolveRun(runs, 'aaaa-2').id).toBe('aaaa-2');
    expect(resolveRun(runs, 'bbbb').id).toBe('bbbb-1');
    expect(() => resolveRun(runs, 'aaaa')).toThrow(/Several runs/);
    expect(() => resolveRun(runs, 'bbb')).toThrow(/no run/);
  });
});
