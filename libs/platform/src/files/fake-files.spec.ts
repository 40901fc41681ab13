import { describe, expect, it } from 'vitest';
import { FakeFiles } from './fake-files';
import { filesContract } from './files.contract';
import { StorageError } from './storage-error';

filesContract('FakeFiles', async () => {
  const files = new FakeFiles();
  await files.ensureDir('/data');
  return { files, root: '/data' };
});

describe('FakeFiles', () => {
  it('fails a change on demand and leaves the old content', async () => {
    const files = new FakeFiles();
    await files.writeFileAtomic('/f', 'old');
    files.failNext(new StorageError('full', '/f', 'ENOSPC'));
    await expect(files.writeFileAtomic('/f', 'new')).rejects.toMatchObject({ problem: 'full' });
    expect(files.texts.get('/f')).toBe('old');
  });
});

describe('StorageError', () => {
  const failure = (code: string) => Object.assign(new Error(`${code}: x`), { code });

  it.each([
    ['ENOSPC', 'full', /disk is full: \/d\/f .*Free some space/],
    ['EDQUOT', 'full', /Free some space/],
    ['EIO', 'io', /hardware error/],
    ['EROFS', 'read_only', /read-only/],
    ['EACCES', 'denied', /permissions/],
    ['EXDEV', 'other_device', /another file system/],
    ['EWHATEVER', 'other', /could not be changed/],
  ])('tells %s apart as %s', (code, problem, sentence) => {
    const cause = failure(code);
    const error = StorageError.from(cause, '/d/f');
    expect(error).toMatchObject({ problem, code, path: '/d/f', cause });
    expect(error.message).toMatch(sentence);
    expect(StorageError.from(error, '/other')).toBe(error);
  });
});
