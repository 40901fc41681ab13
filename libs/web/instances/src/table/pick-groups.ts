import type { Blueprint, Instance, PoolPort } from '@aikore/contract';
import type { PickerGroup, PickerOption } from '@aikore/web/ui';

/** The catalogue as a list to choose from; a blueprint with a problem says which, and can be chosen if it is usable. */
export function blueprintGroups(blueprints: readonly Blueprint[]): PickerGroup<string>[] {
  const optionOf = (item: Blueprint): PickerOption<string> => ({
    value: item.filename,
    label: item.name || item.filename,
    side: item.category,
    text: item.problem ?? item.description,
    disabled: !item.usable,
  });
  return (['stock', 'custom'] as const)
    .map((source) => ({
      label: source === 'stock' ? 'Stock' : 'Custom',
      options: blueprints.filter((item) => item.source === source).map(optionOf),
    }))
    .filter(({ options }) => options.length > 0);
}

/** `Auto`, and the pool's ports with who holds them; `current` is always to be had. */
export function portGroups(
  ports: readonly PoolPort[],
  current: number | null,
  instances: readonly Instance[],
): PickerGroup<number | null>[] {
  const holder = (port: PoolPort): string =>
    port.state === 'foreign'
      ? (port.holder ?? 'another program')
      : (instances.find(({ id }) => id === port.instance_id)?.name ?? 'in use');
  const options = ports.map((item): PickerOption<number | null> => {
    const mine = item.port === current;
    const free = item.state === 'free' || mine;
    return { value: item.port, label: String(item.port), side: free ? '' : holder(item), disabled: !free };
  });
  return [{ label: '', options: [{ value: null, label: 'Auto', side: 'lowest free' }, ...options] }];
}

/** Three to begin with: what needs the least comes first. */
export function suggestedBlueprints(blueprints: readonly Blueprint[]): Blueprint[] {
  const weight = (item: Blueprint) => (item.name === 'Diagnostics' ? 0 : 1) + (item.needs_gpu ? 2 : 0);
  return blueprints
    .filter(({ usable }) => usable)
    .map((item, index) => ({ item, index }))
    .sort((a, b) => weight(a.item) - weight(b.item) || a.index - b.index)
    .slice(0, 3)
    .map(({ item }) => item);
}
