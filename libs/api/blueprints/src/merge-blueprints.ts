import type { Blueprint } from '@aikore/contract';

const order = new Intl.Collator('en', { sensitivity: 'base', numeric: true });

/** One list for people to choose from, sorted by name: a custom blueprint stands in for a stock one of its file name. */
export function mergeBlueprints(stock: readonly Blueprint[], custom: readonly Blueprint[]): Blueprint[] {
  const own = new Set(custom.map(({ filename }) => filename));
  const shipped = new Set(stock.map(({ filename }) => filename));
  return [
    ...stock.filter(({ filename }) => !own.has(filename)),
    ...custom.map((blueprint) => ({ ...blueprint, shadows: shipped.has(blueprint.filename) })),
  ].sort((a, b) => order.compare(a.name, b.name) || order.compare(a.filename, b.filename));
}
