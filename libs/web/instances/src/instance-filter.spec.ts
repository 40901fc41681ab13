import type { Instance } from '@aikore/contract';
import { describe, expect, it } from 'vitest';
import { filterInstances } from './instance-filter';

const list = [
  { name: 'Comfy one', base_blueprint: 'ComfyUI.sh', port: 19001, slug: 'comfy-one', status: 'started' },
  { name: 'Flows', base_blueprint: 'Node-RED.sh', port: null, slug: 'flows', status: 'stopped' },
  { name: 'Comfy two', base_blueprint: 'ComfyUI.sh', port: 19002, slug: 'comfy-two', status: 'error' },
] as Instance[];
const names = (text: string, status: Parameters<typeof filterInstances>[2] = '') =>
  filterInstances(list, text, status, (file) => file.replace('.sh', '')).map(({ name }) => name);

describe('filterInstances', () => {
  it('gives the same list when nothing is asked', () => {
    expect(filterInstances(list, '  ', '', String)).toBe(list);
  });

  it('looks for every word, in name, blueprint and port', () => {
    expect(names('comfy TWO')).toEqual(['Comfy two']);
    expect(names('node-red')).toEqual(['Flows']);
    expect(names('19001')).toEqual(['Comfy one']);
  });

  it('filters by status', () => {
    expect(names('', 'running')).toEqual(['Comfy one']);
    expect(names('comfy', 'error')).toEqual(['Comfy two']);
  });
});
