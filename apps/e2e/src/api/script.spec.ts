import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type InstanceScript, maxScriptBytes, routes, sockets } from '@aikore/contract';
import { fakeWebui, http, openSocket, request, runSql, until, writeBlueprint } from '@aikore/testing';
import { alarmsIn, useServer } from '../support/servers';

test.describe('scripts of instances', () => {
  const using = useServer();
  const fileOf = ({ path }: InstanceScript) => join(using.server.dataDir, path);
  const read = (id: number) => using.server.api.call(routes.readScript, { params: { id } });
  const save = (id: number, content: string, etag: string) =>
    using.server.api.ask(routes.saveScript, { params: { id }, body: { content, etag } });

  test.beforeAll(async () => {
    await writeBlueprint(using.server.dataDir, 'App.sh', fakeWebui());
  });

  test('a saved script is what the next start runs, before and after the first one', async () => {
    const { server } = using;
    const { id } = await server.create({ name: 'edited', base_blueprint: 'App.sh' });
    const before = await read(id);
    expect(before).toMatchObject({ exists: false, is_own: true, read_only: null });
    const first = await save(id, before.content.replace('exec', 'echo first edit\nexec'), before.etag);
    expect([first.status, first.data.exists]).toEqual([200, true]);
    expect((await stat(fileOf(first.data))).mode & 0o777).toBe(0o700);
    await server.act(id, 'start', 'started');
    expect((await server.log(id)).toString()).toContain('first edit');

    const second = await save(id, first.data.content.replace('first edit', 'second edit'), first.data.etag);
    expect(second.status).toBe(200);
    const running = await server.untilInstance(id, ({ needs_restart }) => needs_restart, 'that it needs a restart');
    expect(running.status).toBe('started');
    await server.act(id, 'restart', 'started');
    expect((await server.log(id)).toString()).toContain('second edit');
    expect((await server.get(id)).needs_restart).toBe(false);
    await server.act(id, 'stop', 'stopped');
  });

  test('its own header wins at the next start', async () => {
    const { server } = using;
    await writeBlueprint(server.dataDir, 'Slow.sh', fakeWebui({ 'ready-after': 'never', quiet: true }), {
      start_timeout: 3600,
    });
    const { id } = await server.create({ name: 'slow', base_blueprint: 'Slow.sh' });
    const { content, etag } = await read(id);
    await save(id, content.replace('start_timeout = 3600', 'start_timeout = 5'), etag);
    await server.act(id, 'start');
    await server.untilInstance(id, ({ status }) => status === 'stalled', 'the stall of its own header', 30_000);
    await server.act(id, 'stop', 'stopped');
  });

  test('a change underneath is a conflict that shows what is there now', async () => {
    const { server } = using;
    const { id } = await server.create({ name: 'conflict', base_blueprint: 'App.sh' });
    const { content, etag } = await read(id);
    const mine = await save(id, `${content}# mine\n`, etag);
    const other = await save(id, `${content}# other\n`, etag);
    expect([other.status, other.error?.code]).toEqual([409, 'conflict']);
    expect(other.error?.current).toMatchObject({ content: `${content}# mine\n`, etag: mine.data.etag });
    await writeFile(fileOf(mine.data), 'echo by hand\n');
    const reset = await server.api.ask(routes.resetScript, { params: { id }, body: { etag: mine.data.etag } });
    expect([reset.status, reset.error?.code]).toEqual([409, 'conflict']);
    expect(await readFile(fileOf(mine.data), 'utf8')).toBe('echo by hand\n');
    const { etag: now } = await read(id);
    const again = await server.api.call(routes.resetScript, { params: { id }, body: { etag: now } });
    expect(again.content).toBe(content);
    expect(await readFile(`${fileOf(mine.data)}.previous-1`, 'utf8')).toBe('echo by hand\n');
  });

  test('a satellite shows its parent’s, and changes nothing', async () => {
    const { server } = using;
    const parent = await server.create({ name: 'parent', base_blueprint: 'App.sh' });
    const { id } = await server.create({ name: 'satellite', base_blueprint: 'App.sh' });
    await server.stop();
    await runSql(server.database, 'UPDATE instances SET parent_instance_id = ? WHERE id = ?', [parent.id, id]);
    await server.boot();
    const shown = await read(id);
    expect(shown).toMatchObject({ is_own: false, owner: { id: parent.id, name: 'parent' } });
    expect(shown.read_only).toContain('"parent"');
    const saved = await save(id, 'echo\n', shown.etag);
    const reset = await server.api.ask(routes.resetScript, { params: { id }, body: { etag: shown.etag } });
    for (const { status, error } of [saved, reset]) {
      expect([status, error?.code, error?.message]).toEqual([403, 'forbidden', expect.stringContaining('"parent"')]);
    }
  });

  test('what is no script is refused, with a sentence', async () => {
    const { server } = using;
    const { id } = await server.create({ name: 'refused', base_blueprint: 'App.sh' });
    const { etag, content } = await read(id);
    const bodies: [unknown, string][] = [
      [{ content: 'a\0b', etag }, 'NUL'],
      [{ content: 'x'.repeat(maxScriptBytes + 1), etag }, '1 MiB'],
      [{ content: 'ä'.repeat(maxScriptBytes / 2 + 1), etag }, '1 MiB'],
      [{ content: 'a\ud800', etag }, 'half a character'],
      [{ content: 5, etag }, 'text'],
      [{ content: 'x' }, 'etag'],
      [{ content: 'x', etag: 'nonsense' }, 'etag'],
    ];
    for (const [body, words] of bodies) {
      const { status, error } = await server.api.send(routes.saveScript, { params: { id }, body });
      expect([status, error?.message]).toEqual([400, expect.stringContaining(words)]);
    }
    const huge = await server.api.send(routes.saveScript, { params: { id }, body: { content: 'x'.repeat(4e6), etag } });
    expect([huge.status, huge.error?.code]).toEqual([413, 'payload_too_large']);
    expect(await read(id)).toMatchObject({ content, exists: false });
    const largest = await save(id, `${'#\n'.repeat(maxScriptBytes / 2 - 1)}#\n`, etag);
    expect([largest.status, largest.data.content.length]).toEqual([200, maxScriptBytes]);
    await writeFile(fileOf(largest.data), Buffer.from([0x23, 0xe9, 0x0a]));
    const latin = await read(id);
    expect(latin.read_only).toContain('not UTF-8');
    expect((await save(id, '#\n', latin.etag)).status).toBe(409);
  });

  test('becomes a custom blueprint, which every client hears of', async () => {
    const { server } = using;
    const make = (body: Record<string, unknown>) => server.api.send(routes.saveBlueprint, { body });
    const content =
      '#!/usr/bin/env bash\n### AIKORE-METADATA-START ###\n# aikore.category = Mine\n### AIKORE-METADATA-END ###\necho\n';
    const socket = await openSocket(server.port, '/instances', server.adminToken);
    await request(socket, sockets.instances.requests.join, {});
    const heard = new Promise((resolve) => socket.once('blueprints:changed', resolve));
    const made = await make({ filename: 'App_custom.sh', content });
    expect(await heard).toEqual({ filename: 'App_custom.sh' });
    socket.disconnect();
    expect([made.status, made.data]).toEqual([
      201,
      expect.objectContaining({ filename: 'App_custom.sh', source: 'custom', category: 'Mine', problem: null }),
    ]);
    const text = await server.api.call(routes.readBlueprint, { params: { filename: 'App_custom.sh' } });
    expect(text.content).toBe(content);
    expect((await server.api.call(routes.listBlueprints)).some(({ filename }) => filename === 'App_custom.sh')).toBe(
      true,
    );
    const again = await make({ filename: 'App_custom.sh', content: 'echo\n' });
    expect([again.status, again.error?.code]).toEqual([409, 'name_taken']);
    expect((await make({ filename: 'App_custom.sh', content: 'echo\n', overwrite: true })).status).toBe(201);
    for (const filename of [
      '../x.sh',
      '/x.sh',
      'a/b.sh',
      'x',
      'x.sh.txt',
      '.x.sh',
      '-x.sh',
      'x y.sh',
      'ü.sh',
      `${'x'.repeat(200)}.sh`,
    ]) {
      expect([filename, (await make({ filename, content: 'echo\n' })).status]).toEqual([filename, 400]);
    }
    expect((await make({ filename: 'Empty.sh', content: ' \n' })).status).toBe(400);
    for (const name of ['..%2f..%2faikore.db', 'Nowhere.sh', '%2fetc%2fpasswd']) {
      const { status } = await http(server.port, `/api/blueprints/${name}`, { headers: server.api.headers });
      expect([name, [400, 404, 409].includes(status)]).toEqual([name, true]);
    }
  });

  test('is checked without being run or written down in the audit', async () => {
    const { server } = using;
    const marker = join(server.dataDir, 'was-run');
    const body = { content: `touch '${marker}'\n### AIKORE-METADATA-START ###\necho $x\n` };
    const { available, note, findings } = await server.api.call(routes.checkScript, { body });
    expect(findings).toContainEqual(expect.objectContaining({ line: 2, level: 'error', code: null }));
    if (available) expect(findings).toContainEqual(expect.objectContaining({ line: 3, code: 2086 }));
    else expect(note).toContain('ShellCheck');
    await expect(stat(marker)).rejects.toMatchObject({ code: 'ENOENT' });
    const audit = join(server.dataDir, 'audit.log');
    // Lines are written in order: once the later one is there, the earlier one would be too.
    await server.api.send(routes.saveBlueprint, { body: { filename: 'Audited.sh', content: 'echo\n' } });
    const lines = await until(async () => {
      const text = await readFile(audit, 'utf8');
      return text.includes('"Audited.sh"') ? text : null;
    }, 'the audit of the blueprint');
    expect(lines).toContain('PUT /api/instances/:id/script');
    expect(lines).not.toContain('/api/scripts/check');
    expect(alarmsIn(server.output)).toEqual([]);
  });
});
