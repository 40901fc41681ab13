import type { Instance, Run } from '@aikore/contract';
import { CliError, exitCodes } from './exit-codes';
import { printable } from './table';

/**
 * The instance that a person means by an id, a slug or a name. Exact matches come first; without one, letter case is
 * ignored.
 *
 * @throws CliError not found, or (usage) ambiguous with a list of the candidates
 */
export function resolveInstance<I extends Pick<Instance, 'id' | 'slug' | 'name'>>(
  instances: readonly I[],
  text: string,
): I {
  const exact = instances.filter((one) => String(one.id) === text || one.slug === text || one.name === text);
  const folded = text.toLowerCase();
  const similar = () => instances.filter((one) => one.name.toLowerCase() === folded || one.slug === folded);
  const [found, ...others] = exact.length > 0 ? exact : similar();
  if (!found)
    throw new CliError(exitCodes.notFound, `There is no instance "${printable(text)}". \`aikore ls\` lists them.`);
  if (others.length === 0) return found;
  const list = [found, ...others].map(({ id, slug, name }) => `  ${id}  ${slug}  "${printable(name)}"`).join('\n');
  throw new CliError(
    exitCodes.usage,
    `"${printable(text)}" may be any of these; use an id or slug that only one has:\n${list}`,
  );
}

/** A run by its id or the beginning of it. @throws CliError */
export function resolveRun(runs: readonly Run[], text: string): Run {
  const matches = runs.filter(({ id }) => id === text || (text.length >= 4 && id.startsWith(text)));
  const [found, ...others] = matches;
  if (!found)
    throw new CliError(exitCodes.notFound, `There is no run "${printable(text)}". \`aikore runs NAME\` lists them.`);
  if (others.length > 0) throw new CliError(exitCodes.usage, `Several runs begin with "${text}". Give more of the id.`);
  return found;
}
