import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { plainWords } from './plain-words';
import { idParam } from './routes';

const words = (schema: z.ZodType, value: unknown) =>
  schema.safeParse(value, { error: plainWords }).error?.issues.map(({ message }) => message);

describe('plainWords', () => {
  it.each([
    [z.object({ a: z.string() }), {}, 'is required'],
    [z.object({ a: z.enum(['x', 'y']) }), {}, 'is required'],
    [z.object({ a: z.string() }), undefined, 'must be a JSON object (over HTTP with Content-Type: application/json)'],
    [z.object({}), [], 'must be a JSON object'],
    [z.string(), 5, 'must be text'],
    [z.number(), null, 'must be a number'],
    [z.number(), NaN, 'must be a number'],
    [z.int(), 1.5, 'must be a whole number'],
    [z.boolean(), 'yes', 'must be true or false'],
    [z.string().max(2), 'abc', 'must be at most 2 characters'],
    [z.array(z.string()).min(1), [], 'must be at least 1 item'],
    [z.number().max(7), 8, 'must be at most 7'],
    [z.enum(['x', 'y']), 'z', 'must be one of "x", "y"'],
    [z.strictObject({}), { b: 1, c: 2 }, 'has fields that are not known here: b, c'],
    [z.union([z.string(), z.number()]), true, 'is of none of the kinds that are possible here'],
    [z.string().regex(/x/), 'y', 'is not valid'],
    [z.string().regex(/x/, 'must hold an x'), 'y', 'must hold an x'],
  ])('%# says it plainly', (schema, value, expected) => {
    expect(words(schema, value)).toEqual([expected]);
  });

  it.each(['0', '-1', 'abc', '1e3', '99999999999999999999', ''])('an id of %j', (id) => {
    expect(words(idParam, { id })?.[0]).toMatch(/^must be (a whole number|at least 1)/);
  });
});
