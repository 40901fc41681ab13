import { HttpException, NotFoundException } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AppError, notFound } from './app-error';
import { isUnexpected, sentenceOf, toAppError, validationError } from './to-app-error';

const failure = (schema: z.ZodType, value: unknown): z.ZodError => {
  const { error } = schema.safeParse(value);
  if (!error) throw new Error('it passed');
  return error;
};

const storageError = (problem: string, code: string) =>
  Object.assign(new Error('/data/f: what to do'), { name: 'StorageError', problem, code });

describe('toAppError', () => {
  it.each([
    [new AppError('name_taken', 'x'), 'name_taken', 409],
    [notFound('such run'), 'not_found', 404],
    [new NotFoundException('Cannot GET /secret/path'), 'not_found', 404],
    [Object.assign(new Error(), { status: 413 }), 'payload_too_large', 413],
    [Object.assign(new SyntaxError('in JSON at 3'), { status: 400 }), 'validation_failed', 400],
    [new HttpException('teapot', 418), 'validation_failed', 400],
    [Object.assign(new Error(), { code: 'ENOSPC' }), 'disk_full', 507],
    [Object.assign(new Error(), { code: 'SQLITE_FULL' }), 'disk_full', 507],
    [storageError('full', 'ENOSPC'), 'disk_full', 507],
    [storageError('link', 'ELOOP'), 'wrong_state', 409],
    [storageError('io', 'EIO'), 'storage_failed', 500],
    [new Error('secret detail'), 'internal', 500],
    [Object.assign(new Error(), { status: 503 }), 'internal', 500],
    ['a string', 'internal', 500],
    [null, 'internal', 500],
    [undefined, 'internal', 500],
  ])('%s becomes %s', (thrown, code, status) => {
    const error = toAppError(thrown);
    expect([error.code, error.status]).toEqual([code, status]);
    expect(isUnexpected(error)).toBe(status === 500);
    expect(JSON.stringify(error.toWire('r1'))).not.toMatch(/secret/);
  });

  it('names every field', () => {
    const schema = z.object({ name: z.string(), tags: z.array(z.object({ id: z.number() })) }).strict();
    const error = validationError(failure(schema, { tags: [{ id: 'x' }], more: 1 }));
    expect(error.options.fields?.map(({ path }) => path)).toEqual(['name', 'tags.0.id', '']);
    expect(error.message).toMatch(/^name: .*\.$/);
    expect(validationError(failure(z.object({ id: z.number() }), {}), 'query').options.fields?.[0]?.path).toBe(
      'query.id',
    );
    expect(toAppError(failure(z.string(), 1)).message).toMatch(/^The request: /);
  });

  it('names at most 20 of them', () => {
    const schema = z.array(z.string());
    const error = validationError(
      failure(
        schema,
        Array.from({ length: 500 }, (_, index) => index),
      ),
    );
    expect(error.options.fields).toHaveLength(20);
  });

  it('keeps the sentence that says where', () => {
    expect(sentenceOf(storageError('full', 'ENOSPC'))).toBe('/data/f: what to do');
    expect(sentenceOf(Object.assign(new Error('SQLITE_FULL'), { code: 'SQLITE_FULL' }))).toMatch(/Free some space/);
    expect(sentenceOf(new Error('no idea'))).toBe('no idea');
  });
});
