import { execFile } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Instance, Run } from '@aikore/contract';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Aikore, until } from './testing/aikore';
import { FakeServer, token } from './testing/fake-server';

let aikore: Aikore;
let server: FakeServer;
let env: Record<string, string>;

beforeAll(async () => {
  aikore = await Aikore.build();
});
afterAll(() => aikore.remove());
beforeEach(async () => {
  server = await FakeServer.start();
  server.instances = [instance(1, 'comfy', 'Comfy'), instance(2, 'forge', 'My Forge')];
  env = { AIKORE_SERVER: server.url, AIKORE_TOKEN: token };
});
afterEach(() => server.close());

function instance(id: number, slug: string, name: string): Instance {
  const status_since = '2026-01-01T00:00:00.000Z';
  return {
    id,
    slug,
    name,
    status: 'started',
    status_since,
    base_blueprint: 'Test.sh',
    port: 19000 + id,
    persistent_mode: false,
    progress: null,
    status_reason: null,
    run: null,
    path: `/instance/${slug}/`,
    allowedActions: ['stop'],
    restarts: 0,
  } as unknown as Instance;
}

function run(id: string, ended_at: string | null = null): Run {
  const [started_at, size] = ['2026-01-01T00:00:00.000Z', server.logs.get(id)?.length ?? 0];
  return {
    id,
    instance_id: 1,
    started_at,
    ready_at: null,
    ended_at,
    exit_code: null,
    signal: null,
    reason: null,
    pid: 1,
    log_start: 0,
    log_size: size,
  };
}

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `${String(from + index).padStart(9, '0')}\n`).join('');

describe('login', () => {
  const settings = () =>
    readFile(join(aikore.folder, 'aikore/cli.json'), 'utf8').then((text) => JSON.parse(text) as unknown);

  it('makes a token with the session, keeps it for its owner only, and logout revokes it', async () => {
    const args = ['login', '--server', server.url, '-u', 'ann', '--password-stdin'];
    const { code, stdout } = await aikore.run(args, {}, 'correct horse\n');
    expect({ code, stdout }).toEqual({ code: 0, stdout: `Logged in to ${server.url} as ann (admin).\n` });
    expect(await settings()).toEqual({ server: server.url, token, made_here: true });
    expect((await stat(join(aikore.folder, 'aikore/cli.json'))).mode & 0o777).toBe(0o600);
    const create = server.seen.find(({ path }) => path === '/api/tokens');
    expect(create?.headers).toMatchObject({ cookie: 'aikore_session=abc', 'x-aikore': '1' });
    expect(create?.body).toEqual({ name: expect.stringMatching(/^cli@/) });
    expect(server.seen.some(({ path }) => path === '/api/auth/logout')).toBe(true);

    expect((await aikore.run(['ls'])).code).toBe(0);
    // The token is for that server, and goes to no other.
    expect((await aikore.run(['ls'], { AIKORE_SERVER: 'http://127.0.0.1:1' })).code).toBe(3);
    expect((await aikore.run(['logout'])).code).toBe(0);
    expect(server.seen.at(-1)).toMatchObject({ method: 'DELETE', path: '/api/tokens/id1' });
    expect((await aikore.run(['ls'])).code).toBe(3);
  });

  it('takes a token from stdin, after checking it', async () => {
    expect((await aikore.run(['login', '--server', server.url, '--token-stdin'], {}, 'wrong')).code).toBe(3);
    expect((await aikore.run(['login', '--server', server.url, '--token-stdin'], {}, `${token}\n`)).code).toBe(0);
    expect((await aikore.run(['logout'])).code).toBe(0);
  });

  it('revokes the token of an earlier login to the same server, once the new one is kept', async () => {
    const file = join(aikore.folder, 'aikore/cli.json');
    const earlier = async (values: object) => {
      await writeFile(file, JSON.stringify({ server: server.url, token: 'aik_id9_old', made_here: true, ...values }));
      server.seen.length = 0;
      const args = ['login', '--server', server.url, '-u', 'ann', '--password-stdin'];
      expect(await aikore.run(args, {}, 'correct horse\n')).toMatchObject({
        code: 0,
        stderr: expect.not.stringMatching(/revoked/),
      });
      expect(await settings()).toMatchObject({ token });
      return server.seen.filter(({ method }) => method === 'DELETE');
    };
    server.tokens.add('aik_id9_old');
    const [revoked, ...more] = await earlier({});
    expect(more).toEqual([]);
    expect(revoked).toMatchObject({ path: '/api/tokens/id9', headers: { authorization: 'Bearer aik_id9_old' } });
    expect(server.seen.at(-1)).toBe(revoked);
    // One that has expired is as good as revoked.
    server.tokens.delete('aik_id9_old');
    expect(await earlier({})).toHaveLength(1);
    // Another server's, and one that a person made in the console, are left alone.
    expect(await earlier({ server: 'http://127.0.0.1:1' })).toEqual([]);
    expect(await earlier({ made_here: false })).toEqual([]);
    expect(await earlier({ made_here: undefined })).toEqual([]);
  });

  it('says why not', async () => {
    const wrong = ['login', '--server', server.url, '-u', 'ann', '--password-stdin'];
    expect(await aikore.run(wrong, {}, 'wrong')).toMatchObject({ code: 3, stderr: 'aikore: No: bad_credentials.\n' });
    expect(await aikore.run(['login', '--server', server.url])).toMatchObject({ code: 2 });
    expect(await aikore.run(['login', '--server', 'ftp://x', '-u', 'a'])).toMatchObject({ code: 2 });
  });
});

describe('instances', () => {
  it('lists and shows them, as text and as JSON', async () => {
    const text = await aikore.run(['ls'], env);
    expect(text.stdout.split('\n')[2]).toMatch(/^2 {3}forge +My Forge +started +\d+d +19002 +Test\.sh$/);
    expect(JSON.parse((await aikore.run(['ls', '--json'], env)).stdout)).toHaveLength(2);
    expect((await aikore.run(['show', 'my forge'], env)).stdout).toContain(`address    ${server.url}/instance/forge/`);
    expect((await aikore.run(['show', 'nobody'], env)).code).toBe(4);
  });

  it('acts and waits', async () => {
    expect((await aikore.run(['start', 'comfy'], env)).code).toBe(0);
    expect(server.seen.at(-1)).toMatchObject({ method: 'POST', path: '/api/instances/1/actions/start' });
    const waited = await aikore.run(['restart', 'comfy', '--wait', '--timeout', '7'], env);
    expect(waited).toMatchObject({ code: 0, stdout: 'Comfy: started\n' });
    expect(server.seen.at(-1)?.path).toBe('/api/instances/1/actions/restart?wait=started&timeout=7');
    server.onAction = () => 'wrong_state';
    expect((await aikore.run(['start', 'comfy'], env)).code).toBe(5);
    server.onAction = () => 'timed_out';
    expect((await aikore.run(['start', 'comfy', '--wait'], env)).code).toBe(7);
    server.onAction = () => ({ ...instance(1, 'comfy', 'Comfy'), status: 'error' });
    expect((await aikore.run(['start', 'comfy', '--wait'], env)).code).toBe(1);
    server.onAction = () => 'forbidden';
    const refused = await aikore.run(['stop', 'comfy', '--json'], env);
    expect(refused.code).toBe(3);
    expect(JSON.parse(refused.stderr)).toMatchObject({ error: { code: 'forbidden', exit_code: 3 } });
  });

  it('creates and deletes', async () => {
    expect((await aikore.run(['create', 'New one', '-b', 'Diagnostics', '--start'], env)).code).toBe(0);
    const bodies = server.seen.filter(({ method }) => method === 'POST').map(({ path, body }) => [path, body]);
    expect(bodies).toEqual([
      ['/api/instances', { name: 'New one', base_blueprint: 'Diagnostics.sh' }],
      ['/api/instances/1/actions/start', undefined],
    ]);
    expect((await aikore.run(['delete', 'comfy'], env)).code).toBe(2);
    expect((await aikore.run(['delete', 'comfy', '--permanent', '--yes'], env)).code).toBe(0);
    expect(server.seen.at(-1)).toMatchObject({ method: 'DELETE', path: '/api/instances/1?mode=permanent' });
  });

  it('ends with 6 when the server is away, 2 for nonsense, 130 for Ctrl-C', async () => {
    const away = { ...env, AIKORE_SERVER: 'http://127.0.0.1:1' };
    expect(await aikore.run(['ls'], away)).toMatchObject({ code: 6, stderr: expect.stringContaining('ECONNREFUSED') });
    expect((await aikore.run(['frobnicate'], env)).code).toBe(2);
    expect((await aikore.run([], env)).code).toBe(2);
    expect((await aikore.run(['start', 'comfy', '--timeout', 'x'], env)).code).toBe(2);
    expect((await aikore.run(['--help'], env)).stdout).toContain('Commands:');
    expect((await aikore.run(['--version'], env)).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    server.onAction = () => null;
    const waiting = aikore.start(['start', 'comfy', '--wait'], env);
    await until(() => server.seen.some(({ method }) => method === 'POST'), 'the request');
    waiting.child.kill('SIGINT');
    expect((await waiting.done).code).toBe(130);
  });

  it('prints the setup address of the data folder', async () => {
    await writeFile(join(aikore.folder, 'setup-url'), 'http://localhost:9000/setup#token=x\n');
    const { stdout } = await aikore.run(['setup-url'], { AIKORE_DATA_DIR: aikore.folder });
    expect(stdout).toBe('http://localhost:9000/setup#token=x\n');
    expect((await aikore.run(['setup-url'], { AIKORE_DATA_DIR: '/nonexistent' })).code).toBe(4);
  });
});

describe('logs', () => {
  it('prints the newest run, a run, the last lines, or the runs since', async () => {
    server.write('aaaa', 'one\ntwo\nthree\n');
    server.write('bbbb', 'other\n');
    server.write('cccc', 'ancient\n');
    server.runs = [run('aaaa'), run('bbbb', new Date().toISOString()), run('cccc', '2020-01-01T00:00:00Z')];
    expect(await aikore.run(['logs', 'comfy'], env)).toEqual({ code: 0, stdout: 'one\ntwo\nthree\n', stderr: '' });
    expect((await aikore.run(['logs', 'comfy', '-n', '2'], env)).stdout).toBe('two\nthree\n');
    expect((await aikore.run(['logs', 'comfy', '--run', 'bbbb'], env)).stdout).toBe('other\n');
    expect((await aikore.run(['logs', 'comfy', '--run', 'zzzz'], env)).code).toBe(4);
    expect((await aikore.run(['logs', 'comfy', '--since', '10m'], env)).stdout).toBe('other\none\ntwo\nthree\n');
    expect((await aikore.run(['logs', 'comfy', '--since', 'soon'], env)).code).toBe(2);
    const { stdout } = await aikore.run(['logs', 'comfy', '--since', '10m', '--json'], env);
    expect(JSON.parse(stdout)).toMatchObject([{ run: { id: 'bbbb' }, text: 'other\n' }, { run: { id: 'aaaa' } }]);
  });

  it('is silent about an instance that never ran', async () => {
    expect(await aikore.run(['logs', 'comfy'], env)).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('prints bytes as they are, and replaces wrong ones in text', async () => {
    server.write('aaaa', Buffer.from([0xff, 0xc3, 0xa4, 0x00, 0x0a]));
    server.runs = [run('aaaa')];
    expect((await aikore.run(['logs', 'comfy', '--bytes'], env)).stdout).toBe('\xff\xc3\xa4\x00\n');
    expect((await aikore.run(['logs', 'comfy'], env)).stdout).toBe('\xef\xbf\xbd\xc3\xa4\x00\n');
  });

  it('follows a run to its end, without loss or double across lost connections', async () => {
    server.runs = [run('aaaa')];
    server.write('aaaa', numbered(0, 1000));
    const following = aikore.start(['logs', 'comfy', '-f', '--run', 'aaaa', '--bytes'], env);
    for (let round = 1; round <= 4; round += 1) {
      await until(() => following.output.stdout.length > (round - 1) * 200_000, 'some output');
      server.write('aaaa', numbered(round * 20_000, (round + 1) * 20_000));
      server.breakConnections();
    }
    await until(() => following.output.stdout.length === server.logs.get('aaaa')?.length, 'all of it');
    server.end('aaaa');
    const { code, stdout, stderr } = await following.done;
    expect(code).toBe(0);
    expect(stdout === server.logs.get('aaaa')?.toString('latin1')).toBe(true);
    expect(server.joins).toBeGreaterThan(1);
    expect(stderr).toContain('[aikore: connected again]');
    expect(stderr).toContain('[aikore: the run ended with exit code 3]');
    expect(server.acks.at(-1)).toBe(stdout.length);
  });

  it('follows an instance from run to run until it is interrupted', async () => {
    server.runs = [run('aaaa')];
    server.write('aaaa', 'first\n');
    const following = aikore.start(['logs', 'comfy', '-f', '--json'], env);
    await until(() => following.output.stdout.includes('first'), 'the first run');
    server.runs = [run('bbbb'), ...server.runs];
    server.write('bbbb', 'second\n');
    server.end('aaaa');
    await until(() => following.output.stdout.includes('second'), 'the second run');
    following.child.kill('SIGINT');
    const { code, stdout } = await following.done;
    expect(code).toBe(130);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string });
    expect(lines.map(({ type }) => type)).toEqual(['chunk', 'end', 'run', 'chunk']);
  });

  it('shows the first run from its first byte when it began while it was being asked for', async () => {
    const following = aikore.start(['logs', 'comfy', '-f', '--bytes'], env);
    server.onRuns = () => {
      server.onRuns = null;
      const before = server.runs;
      server.write('aaaa', numbered(0, 50_000));
      server.runs = [run('aaaa')];
      return before;
    };
    await until(() => following.output.stdout.length === server.logs.get('aaaa')?.length, 'all of it');
    expect(server.wishes[0]).toMatchObject({ instance_id: 1, from: 0 });
    following.child.kill('SIGINT');
    expect((await following.done).code).toBe(130);
  });

  it('ends quietly when nobody reads any more', async () => {
    server.runs = [run('aaaa')];
    server.write('aaaa', numbered(0, 200_000));
    const script = `"${join(aikore.folder, 'aikore.mjs')}" logs comfy | head -1; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script], { env: { ...process.env, ...env } });
    expect({ stdout, stderr }).toEqual({ stdout: `${numbered(0, 1)}0\n`, stderr: '' });
  });
});
