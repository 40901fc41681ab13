import type { Instance } from '@aikore/contract';
import { describe, expect, it } from 'vitest';
import { filterInstances, noFilter, rowsToShow, type InstanceFilter } from './instance-filter';

const make = (id: number, name: string, more: Partial<Instance>) =>
  ({
    id,
    name,
    slug: name.toLowerCase(),
    port: null,
    parent_instance_id: null,
    status: 'stopped',
    ...more,
  }) as Instance;
const list = [
  make(1, 'Comfy one', { base_blueprint: 'ComfyUI.sh', port: 19001, status: 'started' }),
  make(4, 'Studio', { base_blueprint: 'ComfyUI.sh', parent_instance_id: 1 }),
  make(2, 'Flows', { base_blueprint: 'Node-RED.sh', hostname: 'flows.example.org' }),
  make(3, 'Comfy two', { base_blueprint: 'ComfyUI.sh', persistent_port: 19002, status: 'error' }),
];
const titleOf = (file: string) => file.replace('.sh', '');
const names = (filter: Partial<InstanceFilter>) =>
  filterInstances(list, { ...noFilter, ...filter }, titleOf).map(({ name }) => name);

describe('filterInstances', () => {
  it('gives the same list when nothing is asked', () => {
    expect(filterInstances(list, { ...noFilter, text: '  ' }, titleOf)).toBe(list);
  });

  it('looks for every word, in name, blueprint, address and port', () => {
    expect(names({ text: 'comfy TWO' })).toEqual(['Comfy two']);
    expect(names({ text: 'node-red' })).toEqual(['Flows']);
    expect(names({ text: '19001' })).toEqual(['Comfy one']);
    expect(names({ text: '19002' })).toEqual(['Comfy two']);
    expect(names({ text: 'example.org' })).toEqual(['Flows']);
  });

  it('filters by status and by family', () => {
    expect(names({ status: 'running' })).toEqual(['Comfy one']);
    expect(names({ text: 'comfy', status: 'error' })).toEqual(['Comfy two']);
    expect(names({ family: 1 })).toEqual(['Comfy one', 'Studio']);
  });
});

describe('rowsToShow', () => {
  const shown = (filter: Partial<InstanceFilter>, edited: number[] = []) =>
    rowsToShow(list, filterInstances(list, { ...noFilter, ...filter }, titleOf), edited).map(({ id }) => id);

  it('never hides a row that is being edited, nor the parent of a satellite', () => {
    expect(shown({ text: 'studio' })).toEqual([1, 4]);
    expect(shown({ text: 'flows' }, [3])).toEqual([2, 3]);
    expect(shown({})).toEqual([1, 4, 2, 3]);
  });
});
