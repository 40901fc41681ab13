import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseVersionsEnv } from '@aikore/domain';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../../../../..');
const folder = join(root, 'blueprints');
const scripts = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.sh'));

describe('shipped shell scripts', () => {
  it.each(scripts)('%s has nothing that shellcheck complains of', (script) => {
    const { error, status, stdout } = spawnSync('shellcheck', ['-x', '--severity=style', script], {
      cwd: folder,
      encoding: 'utf8',
    });
    if (error) throw new Error('shellcheck is missing. Install it (on Debian: apt install shellcheck) and try again.');
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });
});

describe('versions.env', () => {
  const text = readFileSync(join(root, 'versions.env'), 'utf8');
  const { values, problems } = parseVersionsEnv(text);

  it('is understood as a shell understands it', () => {
    expect(problems).toEqual([]);
    const { stdout } = spawnSync('bash', ['-c', 'set -a; . "$1"; env -0', 'bash', join(root, 'versions.env')], {
      encoding: 'utf8',
      env: {},
    });
    const sourced = new Map(stdout.split('\0').map((entry) => [entry.split('=')[0], entry.replace(/^[^=]*=/, '')]));
    for (const [name, value] of Object.entries(values)) expect([name, sourced.get(name)]).toEqual([name, value]);
  });

  it('holds the defaults of the PyTorch trio', () => {
    expect(values).toMatchObject({
      TORCH_VERSION: '2.10.0',
      TORCHVISION_VERSION: '0.25.0',
      TORCHAUDIO_VERSION: '2.10.0',
      PYTORCH_INDEX_URL: expect.stringMatching(/\/cu130$/),
      TORCH_CUDA_ARCH_LIST: expect.stringMatching(/^7\.5 .* 12\.0$/),
    });
  });
});
