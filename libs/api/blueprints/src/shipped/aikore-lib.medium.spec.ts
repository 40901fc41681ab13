import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseProgressLine } from '@aikore/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const library = resolve(import.meta.dirname, '../../../../../blueprints/lib/aikore.sh');

let folder: string;
let progressFile: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aikore-lib-'));
  progressFile = join(folder, 'progress');
  await writeFile(progressFile, '');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Run bash lines as a blueprint would, under `set -euo pipefail`. */
function run(script: string, variables: Record<string, string> = {}) {
  const env = {
    PATH: process.env['PATH'],
    LC_ALL: 'C.UTF-8',
    NO_COLOR: '1',
    INSTANCE_CONF_DIR: folder,
    AIKORE_PROGRESS_FILE: progressFile,
    ...variables,
  };
  return new Promise<{ code: number; stdout: string; stderr: string }>((done) => {
    const source = `set -euo pipefail\nsource "$1"\n${script}`;
    // --norc: bash takes a socket as its standard input for a remote login, and would read ~/.bashrc.
    execFile('bash', ['--norc', '-c', source, 'blueprint', library], { cwd: folder, env }, (error, stdout, stderr) =>
      done({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}
const lines = async () => (await readFile(progressFile, 'utf8')).split('\n').filter(Boolean);
const progress = async () => (await lines()).map(parseProgressLine);

describe('progress', () => {
  it('reports steps, parts of a step, and the launch', async () => {
    const { code, stdout } = await run(
      'ak_install_steps 2; ak_step one; ak_step "two words"; ak_progress 1 3 half; ak_progress 1 3 half; ak_launch go',
    );
    expect(code).toBe(0);
    expect(stdout).toBe('==> [1/2] one\n==> [2/2] two words\n==> go\n');
    expect(await progress()).toEqual([
      { phase: 'install', step: 1, steps: 2, text: 'one' },
      { phase: 'install', step: 2, steps: 2, text: 'two words' },
      { phase: 'install', step: 2, steps: 2, text: 'half', part: 0.33 },
      { phase: 'launch', step: 0, steps: 0, text: 'go' },
    ]);
  });

  it('works without a number of steps, and with more steps than were said', async () => {
    await run('ak_progress 1 2 early; ak_step one; ak_install_steps 1; ak_step a; ak_step b');
    expect(await progress()).toMatchObject([
      { step: 1, steps: 1, part: 0.5 },
      { step: 1, steps: 0 },
      { step: 1, steps: 1 },
      { step: 2, steps: 2 },
    ]);
  });

  it('keeps odd text to one line, and runs nothing of it', async () => {
    await run(`ak_step $'a\\tb\\nc "q" \\'s\\' $HOME \`touch x\` $(touch y) %s \\\\n \\e[31mred ✓ 😀'`);
    await run(`ak_step "$(printf 'x%.0s' {1..5000})"; ak_step; ak_step ''`);
    const [odd, long, ...empty] = await progress();
    expect(odd?.text).toBe(`a b c "q" 's' $HOME \`touch x\` $(touch y) %s \\n  [31mred ✓ 😀`);
    expect(long?.text).toBe('x'.repeat(200));
    expect(empty.map((line) => line?.text)).toEqual(['', '']);
    expect((await readdir(folder)).sort()).toEqual(['progress']);
  });

  it('takes nonsense numbers calmly', async () => {
    expect((await run('ak_progress a b c; ak_progress; ak_progress 08 010 x; ak_progress 5 0 x')).code).toBe(0);
    expect(await progress()).toMatchObject([{ part: 0.8 }, { part: 0 }]);
    expect(await run('ak_install_steps many')).toMatchObject({ code: 1, stderr: expect.stringMatching(/"many"/) });
  });

  it.each(['', '/nowhere/at/all'])('is silent when the progress file is %j', async (file) => {
    const result = await run('ak_install_steps 1; ak_step x; ak_progress 1 2 y; ak_launch z', {
      AIKORE_PROGRESS_FILE: file,
    });
    expect(result).toMatchObject({ code: 0, stderr: '' });
  });

  it('is coloured unless NO_COLOR asks otherwise', async () => {
    expect((await run('ak_step x', { NO_COLOR: '' })).stdout).toBe('\u001b[1;36m==> [1] x\u001b[0m\n');
  });
});

describe('ak_die and ak_require', () => {
  it('end with a sentence and code 1', async () => {
    expect(await run('ak_die "No space left."; echo never')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'error: No space left.\n',
    });
    expect(await run('ak_require bash x; ak_require no-such-thing "Get it somewhere."; echo never')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'error: The command "no-such-thing" is missing. Get it somewhere.\n',
    });
  });
});

describe('ak_done_once', () => {
  const install = 'install() { echo "installing $*"; }\n';
  const skipped = '    app is in place already\n';

  it('runs once, and again when an input, a file or the command changes', async () => {
    const once = async (words: string) => (await run(`${install}ak_done_once app ${words}`)).stdout;
    expect(await once('install "a b" c')).toBe('installing a b c\n');
    expect(await once('install "a b" c')).toBe(skipped);
    expect(await once('install a b c')).toBe('installing a b c\n');
    expect(await once('--input 1 install')).toBe('installing \n');
    expect(await once('--input 2 -- install')).toBe('installing \n');
    expect(await once('--file list.txt install')).toBe('installing \n');
    expect(await once('--file list.txt install')).toBe(skipped);
    await writeFile(join(folder, 'list.txt'), 'torch');
    expect(await once('--file list.txt install')).toBe('installing \n');
    expect(await once('--file list.txt install')).toBe(skipped);
    await rm(join(folder, '.aikore'), { recursive: true });
    expect(await once('--file list.txt install')).toBe('installing \n');
  });

  it('runs again when what it made is gone', async () => {
    const script = 'ak_done_once app --creates made.txt -- touch made.txt';
    expect((await run(script)).stdout).toBe('');
    expect((await run(script)).stdout).toBe(skipped);
    await rm(join(folder, 'made.txt'));
    expect((await run(script)).stdout).toBe('');
  });

  it('leaves no mark when the command fails, wherever in it', async () => {
    const failing = 'install() { echo try; false; echo "went on"; }\nak_done_once app install; echo never';
    expect(await run(failing)).toMatchObject({ code: 1, stdout: 'try\n' });
    expect(await run(failing)).toMatchObject({ code: 1, stdout: 'try\n' });
    expect(await run('ak_done_once app -- bash -c "exit 7" || echo "code $?"')).toMatchObject({ stdout: 'code 7\n' });
    expect((await run(`set +eu\n${install}ak_done_once app false; echo "code $?"`)).stdout).toBe('code 1\n');
  });

  it('forgets an earlier success when a later attempt fails', async () => {
    await run('ak_done_once app --input 1 true');
    await run('ak_done_once app --input 2 false');
    expect((await run('ak_done_once app --input 1 echo again')).stdout).toBe('again\n');
  });

  it('lets two starts of one folder install once', async () => {
    const script = 'slow() { echo x >>"$INSTANCE_CONF_DIR/count"; sleep 0.3; }\nak_done_once app slow';
    const results = await Promise.all([run(script), run(script), run(script)]);
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(await readFile(join(folder, 'count'), 'utf8')).toBe('x\n');
  });

  it('does not leave its lock to what the command starts in the background', async () => {
    const first = 'start() { sleep 30 >/dev/null 2>&1 & echo $! >pid; }\nak_done_once app start';
    expect((await run(first)).code).toBe(0);
    try {
      expect((await run('ak_done_once app --input other echo free')).stdout).toBe('free\n');
    } finally {
      process.kill(Number(await readFile(join(folder, 'pid'), 'utf8')));
    }
  });

  it.each(['""', '../x', '.hidden', '"a b"', '--input'])('refuses the name %s', async (name) => {
    expect(await run(`ak_done_once ${name} true`)).toMatchObject({ code: 1, stdout: '' });
  });

  it.each(['--input', '--file', '--creates'])('ends when %s has no value, under any shell options', async (option) => {
    for (const options of ['', 'set +eu\n']) {
      const { code, stderr } = await run(`${options}ak_done_once app ${option}`);
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: `error: ak_done_once app: ${option} needs a value, and a command after it.\n`,
      });
    }
  });

  it('needs a command, and names an unknown option', async () => {
    expect((await run('ak_done_once app')).stderr).toMatch(/needs a command/);
    expect((await run('ak_done_once app --once x true')).stderr).toMatch(/--once/);
  });
});
