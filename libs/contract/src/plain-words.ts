import type * as z from 'zod';

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a JSON object',
  null: 'null',
  undefined: 'left out',
};

const quoted = (values: readonly unknown[]): string => values.map((value) => JSON.stringify(value)).join(', ');
const count = (limit: number | bigint, noun: string): string => `${limit} ${noun}${Number(limit) === 1 ? '' : 's'}`;
const bound = (origin: string, limit: number | bigint): string =>
  ({ string: count(limit, 'character'), array: count(limit, 'item') })[origin] ?? String(limit);

/**
 * What a field must be, in words for a person, wherever a schema has none of its own: Zod's are for programmers
 * ("Invalid input: expected nonoptional, received undefined"). Pass it as `error` of a parse.
 */
export const plainWords: z.core.$ZodErrorMap = (issue) => {
  if (issue.input === undefined && issue.code !== 'unrecognized_keys') return requiredWords(issue.path ?? []);
  if (issue.code === 'invalid_type') return `must be ${kinds[issue.expected] ?? issue.expected}`;
  if (issue.code === 'too_small') return `must be at least ${bound(issue.origin, issue.minimum)}`;
  if (issue.code === 'too_big') return `must be at most ${bound(issue.origin, issue.maximum)}`;
  if (issue.code === 'invalid_value') return `must be one of ${quoted(issue.values)}`;
  if (issue.code === 'unrecognized_keys') return `has fields that are not known here: ${issue.keys.join(', ')}`;
  if (issue.code === 'invalid_union') return 'is of none of the kinds that are possible here';
  return 'is not valid';
};

const requiredWords = (path: readonly PropertyKey[]): string =>
  path.length > 0 ? 'is required' : 'must be a JSON object (over HTTP with Content-Type: application/json)';
