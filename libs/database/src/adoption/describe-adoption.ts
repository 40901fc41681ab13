import type { AdoptionNote as ListedNote } from '@aikore/contract';

/** What a terminal would act upon; old databases hold any text. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const maxShown = 80;

/** The report of a start that took an older database over, for the person at the terminal: a line for each note. */
export function describeAdoption(adopted: {
  version: number;
  instances: number;
  notes: readonly ListedNote[];
}): string {
  const { version, instances, notes } = adopted;
  const head = `Took over ${instances} instances from the database of an older AiKore (schema version ${version}).`;
  if (notes.length === 0) return `${head} Every value is as it was.`;
  const count = `${notes.length} values could not stay as they were (\`aikore adoption-notes\` lists them again):`;
  return [`${head} ${count}`, ...notes.map(line)].join('\n');
}

function line({ instance_id, instance_name, field, old_value, new_value, reason }: ListedNote): string {
  const whose = instance_id === null ? 'the database' : `${instance_id} ${quoted(instance_name ?? '')}`;
  return `  ${whose}: ${quoted(field, '')} was ${value(old_value)}, is now ${value(new_value)}. ${reason}`;
}

const value = (text: string | null): string => (text === null ? 'empty' : quoted(text));

function quoted(text: string, mark = '"'): string {
  const characters = [...text.replace(unprintable, '\u{fffd}')];
  const cut = characters.length > maxShown ? `${characters.slice(0, maxShown).join('')}…` : characters.join('');
  return `${mark}${cut}${mark}`;
}
