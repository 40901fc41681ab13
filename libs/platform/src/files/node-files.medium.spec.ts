import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { chmod, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filesContract } from './files.contract';
import { NodeFiles } from './node-files';
import { PathEscapeError } from './storage-error';

const files = new NodeFiles();
let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'aikore-files-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

filesContract('NodeFiles', async () => ({ files, root }));

describe('resolveInside', () => {
  it('follows links that stay inside, refuses those that leave or lead nowhere', async () => {
    await mkdir(`${root}/in/real`, { recursive: true });
    await mkdir(`${root}/out`);
    await symlink('real', `${root}/in/good`);
    await symlink('../out', `${root}/in/bad`);
    await symlink('/etc', `${root}/in/etc`);
    await symlink('../out/new-file', `${root}/in/dangling`);
    await symlink('loop', `${root}/in/loop`);
    await symlink('..', `${root}/in/real/up`);
    const inside = `${root}/in`;
    expect(await files.resolveInside(inside, 'good/new/file')).toBe(`${inside}/real/new/file`);
    expect(await files.resolveInside(inside, 'real/up')).toBe(inside);
    for (const bad of ['bad', 'bad/x', 'etc/passwd', 'dangling', 'loop', 'loop/x', 'real/up/bad/x']) {
      await expect(files.resolveInside(inside, bad), bad).rejects.toThrow(PathEscapeError);
    }
  });

  it('says of a link what it is, where it leads, and what to do', async () => {
    await mkdir(`${root}/in`);
    await mkdir(`${root}/big-disk`);
    await symlink('../big-disk', `${root}/in/app`);
    await symlink('../none', `${root}/in/lost`);
    const sentence = (name: string) => files.resolveInside(`${root}/in`, name).catch((error: Error) => error.message);
    expect(await sentence('app')).toBe(
      `${root}/in/app is a link to ${root}/big-disk, outside of ${root}/in. Move that here in place of the link, or mount it here (mount --bind).`,
    );
    expect(await sentence('lost')).toBe(
      `${root}/in/lost is a link that leads nowhere. Bring back what it led to, or remove the link.`,
    );
    expect(await sentence('../in')).toMatch(/must be relative/);
  });

  it('takes a root that is itself behind a link, and no sibling with the same beginning', async () => {
    await mkdir(`${root}/data`);
    await mkdir(`${root}/data-other`);
    await symlink('data', `${root}/link`);
    await symlink('../data-other', `${root}/data/sibling`);
    expect(await files.resolveInside(`${root}/link`, 'a')).toBe(`${root}/data/a`);
    await expect(files.resolveInside(`${root}/link`, 'sibling')).rejects.toThrow(PathEscapeError);
    await expect(files.resolveInside(`${root}/none`, 'a')).rejects.toMatchObject({ problem: 'missing' });
  });
});

describe('writeFileAtomic', () => {
  it('sets the mode asked for, and keeps that of the file it replaces', async () => {
    const mode = async () => (await stat(`${root}/f`)).mode & 0o777;
    await files.writeFileAtomic(`${root}/f`, 'x');
    expect(await mode()).toBe(0o600);
    await files.writeFileAtomic(`${root}/f`, 'x', { mode: 0o755 });
    await files.writeFileAtomic(`${root}/f`, 'y');
    expect(await mode()).toBe(0o755);
  });

  it('replaces a link, not what it points to', async () => {
    await writeFile(`${root}/target`, 'precious');
    await symlink('target', `${root}/link`);
    await files.writeFileAtomic(`${root}/link`, 'mine');
    expect(await readFile(`${root}/target`, 'utf8')).toBe('precious');
    expect(await readFile(`${root}/link`, 'utf8')).toBe('mine');
  });

  it('shows a reader the old content or the new, never a part', async () => {
    const texts = ['a'.repeat(300_000), 'b'.repeat(200_000)] as const;
    await files.writeFileAtomic(`${root}/f`, texts[0]);
    const writing = (async () => {
      for (let round = 0; round < 20; round += 1) await files.writeFileAtomic(`${root}/f`, texts[round % 2] as string);
    })();
    let done = false;
    void writing.then(() => (done = true));
    while (!done) expect(texts).toContain(await readFile(`${root}/f`, 'utf8'));
    await writing;
    expect(readdirSync(root)).toEqual(['f']);
  });

  it('leaves the old file and no temp file when the rename fails', async () => {
    await mkdir(`${root}/folder`);
    await expect(files.writeFileAtomic(`${root}/folder`, 'x')).rejects.toMatchObject({ name: 'StorageError' });
    expect(readdirSync(root)).toEqual(['folder']);
  });
});

describe('a full disk', () => {
  it('keeps the old file whole and says that the disk is full', async (context) => {
    await mkdir(`${root}/small`);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', `${root}/small`], { stdio: 'ignore' });
    } catch {
      context.skip('a tmpfs cannot be mounted here (needs root)');
    }
    try {
      await files.writeFileAtomic(`${root}/small/f`, 'x'.repeat(40_000));
      const error = await files
        .writeFileAtomic(`${root}/small/f`, 'y'.repeat(40_000))
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: 'StorageError', problem: 'full', code: 'ENOSPC' });
      expect(await readFile(`${root}/small/f`, 'utf8')).toBe('x'.repeat(40_000));
      expect(readdirSync(`${root}/small`)).toEqual(['f']);
    } finally {
      execFileSync('umount', [`${root}/small`]);
    }
  });
});

describe('ensureDir', () => {
  it('fails, and does not hang, where the system has no folders to give', async () => {
    await expect(files.ensureDir('/proc/none/deeper')).rejects.toMatchObject({ name: 'StorageError' });
  });
});

describe('removeTree', () => {
  it('removes links, not what they point to', async () => {
    await mkdir(`${root}/keep`);
    await writeFile(`${root}/keep/f`, '');
    await mkdir(`${root}/gone`);
    await symlink('../keep', `${root}/gone/link`);
    await symlink('keep', `${root}/direct`);
    await files.removeTree(`${root}/gone`);
    await files.removeTree(`${root}/direct`);
    expect(readdirSync(root)).toEqual(['keep']);
    expect(readdirSync(`${root}/keep`)).toEqual(['f']);
  });

  it('opens up read-only folders', async () => {
    // Root may delete everything, so a child process tries as nobody.
    const script = `${root}/remove.mjs`;
    await build({
      stdin: {
        contents: `import { removeTree } from './folders'; await removeTree(process.argv[2]);`,
        resolveDir: import.meta.dirname,
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: script,
      logLevel: 'error',
    });
    await mkdir(`${root}/open/tree/locked/deep`, { recursive: true });
    await writeFile(`${root}/open/tree/locked/deep/f`, '', { mode: 0o400 });
    await chmod(`${root}/open/tree/locked/deep`, 0o500);
    await chmod(`${root}/open/tree/locked`, 0o000);
    await chmod(root, 0o755);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) execFileSync('chown', ['-R', '65534:65534', `${root}/open`]);
    const identity = isRoot ? { uid: 65534, gid: 65534 } : {};
    await promisify(execFile)(process.execPath, [script, `${root}/open/tree`], { ...identity, cwd: '/' });
    expect(readdirSync(`${root}/open`)).toEqual([]);
  });
});
