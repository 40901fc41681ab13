import type { Instance } from '@aikore/contract';

/** The indexes in a text such as `0, 2`, in its order; whatever is no number is left out. */
export const gpusIn = (text: string): number[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => /^\d{1,3}$/.test(part))
    .map(Number);

/** Every index that an instance is pinned to, ascending: all that is known of GPUs until there is an inventory. */
export const gpusOf = (instances: readonly Pick<Instance, 'gpu_ids'>[]): number[] =>
  [...new Set(instances.flatMap(({ gpu_ids: ids }) => gpusIn(ids ?? '')))].sort((a, b) => a - b);

/**
 * The text with an index put in or taken out. Indexes keep their order, since the first one is the app's `cuda:0`; who
 * takes a step back gets the very text of before, so that no row looks changed.
 *
 * @param base what stood there before any change
 */
export function toggleGpu(text: string, index: number, base: string): string {
  const now = gpusIn(text);
  const before = gpusIn(base);
  const next = now.includes(index) ? now.filter((other) => other !== index) : insert(now, index);
  const same = next.length === before.length && next.every((other) => before.includes(other));
  return same ? base : next.join(',');
}

function insert(indexes: readonly number[], index: number): number[] {
  const ascending = indexes.every((other, place) => place === 0 || other > (indexes[place - 1] ?? -1));
  return ascending ? [...indexes, index].sort((a, b) => a - b) : [...indexes, index];
}

/** In a few words, for a small cell. */
export const gpuLabel = (text: string): string => text.trim().replace(/\s*,\s*/g, ', ') || 'all';

/** Who is pinned to an index, for its tooltip. */
export function gpuTip(index: number, instances: readonly Pick<Instance, 'name' | 'gpu_ids'>[]): string {
  const names = instances.filter(({ gpu_ids: ids }) => gpusIn(ids ?? '').includes(index)).map(({ name }) => name);
  if (names.length === 0) return `GPU ${index}`;
  const more = names.length > 4 ? ` and ${names.length - 4} more` : '';
  return `GPU ${index}: ${names.slice(0, 4).join(', ')}${more}`;
}
