import { describe, expect, it } from 'vitest';
import type { Files } from './files';
import { PathEscapeError } from './storage-error';

/** What every Files promises; `root` is an empty folder that exists. */
export const filesContract = (name: string, make: () => Promise<{ files: Files; root: string }>): void => {
  describe(`${name} keeps the Files contract`, () => {
    it('writes, replaces and reads a file', async () => {
      const { files, root } = await make();
      await files.writeFileAtomic(`${root}/a`, 'one');
      await files.writeFileAtomic(`${root}/a`, new TextEncoder().encode('zwölf'));
      expect(await files.readText(`${root}/a`)).toBe('zwölf');
      expect(new TextDecoder().decode((await files.read(`${root}/a`)) ?? undefined)).toBe('zwölf');
      const stat = await files.stat(`${root}/a`);
      expect(stat).toEqual({ size: 6, modifiedAt: expect.any(Number) as number });
      expect([await files.read(`${root}/b`), await files.stat(`${root}/b`)]).toEqual([null, null]);
      expect(await files.list(root)).toEqual(['a']);
      await expect(files.writeFileAtomic(`${root}/no/a`, '')).rejects.toMatchObject({ problem: 'missing' });
    });

    it('reads the start of a file, and of a file only', async () => {
      const { files, root } = await make();
      await files.writeFileAtomic(`${root}/a`, '123456');
      const text = async (limit: number) => {
        const read = await files.readStart(`${root}/a`, limit);
        return [new TextDecoder().decode(read?.bytes), read?.size];
      };
      expect(await text(4)).toEqual(['1234', 6]);
      expect(await text(100)).toEqual(['123456', 6]);
      expect(await files.readStart(`${root}/b`, 4)).toBeNull();
      await files.ensureDir(`${root}/folder`);
      await expect(files.readStart(`${root}/folder`, 4)).rejects.toMatchObject({ name: 'StorageError' });
    });

    it('makes folders as often as asked, but not over a file', async () => {
      const { files, root } = await make();
      await files.ensureDir(`${root}/a/b/c`);
      await files.ensureDir(`${root}/a/b/c`);
      expect(await files.exists(`${root}/a/b`)).toBe(true);
      await files.writeFileAtomic(`${root}/f`, '');
      await expect(files.ensureDir(`${root}/f`)).rejects.toMatchObject({ problem: 'exists' });
    });

    it('moves a folder with its content, and never onto something', async () => {
      const { files, root } = await make();
      await files.ensureDir(`${root}/from/deep`);
      await files.writeFileAtomic(`${root}/from/deep/f`, 'text');
      await files.ensureDir(`${root}/taken`);
      await expect(files.moveDirectory(`${root}/from`, `${root}/taken`)).rejects.toMatchObject({ problem: 'exists' });
      await expect(files.moveDirectory(`${root}/none`, `${root}/to`)).rejects.toMatchObject({ problem: 'missing' });
      await files.moveDirectory(`${root}/from`, `${root}/to`);
      expect(await files.list(root)).toEqual(['taken', 'to']);
      expect(await files.readText(`${root}/to/deep/f`)).toBe('text');
    });

    it('removes what is there, and does not mind what is not', async () => {
      const { files, root } = await make();
      await files.ensureDir(`${root}/a/b`);
      await files.writeFileAtomic(`${root}/a/b/f`, '');
      await files.removeTree(`${root}/a`);
      await files.removeTree(`${root}/a`);
      expect(await files.exists(`${root}/a`)).toBe(false);
      expect(await files.list(`${root}/a`)).toEqual([]);
      expect(await files.readText(`${root}/a/b/f`)).toBeNull();
    });

    it('resolves names inside the root and refuses all others', async () => {
      const { files, root } = await make();
      expect(await files.resolveInside(root, './a//b/c.txt')).toBe(`${root}/a/b/c.txt`);
      expect(await files.resolveInside(root, '..a/...')).toBe(`${root}/..a/...`);
      for (const bad of ['', '.', './', '/', '/etc/passwd', '..', '../x', 'a/../../x', 'a/..', 'a\0b', '\0']) {
        await expect(files.resolveInside(root, bad), JSON.stringify(bad)).rejects.toThrow(PathEscapeError);
      }
    });
  });
};
