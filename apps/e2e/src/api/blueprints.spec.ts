import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { routes } from '@aikore/contract';
import { fakeWebui, residentMiB, writeBlueprint } from '@aikore/testing';
import { alarmsIn, note, useServer } from '../support/servers';

test.describe.serial('blueprints that misbehave', () => {
  const using = useServer();
  const file = (name: string): string => join(using.server.dataDir, 'custom_blueprints', name);

  test('the catalogue has the shipped ones, and a broken header with its reason', async () => {
    const { server } = using;
    await writeBlueprint(server.dataDir, 'Broken.sh', fakeWebui(), { start_timeout: 'soon', venv_type: 'cobol' });
    await writeFile(file('Headless.sh'), fakeWebui());
    const list = await server.api.call(routes.listBlueprints);
    const named = (name: string) => list.find(({ filename }) => filename === name);
    expect(named('Diagnostics.sh')).toMatchObject({ source: 'stock', name: 'Diagnostics', problem: null });
    expect(named('NodeRED.sh')).toMatchObject({ source: 'stock', problem: null });
    expect(named('Broken.sh')).toMatchObject({
      source: 'custom',
      problem: expect.stringMatching(/venv_type|start_timeout/),
    });
    expect(named('Headless.sh')).toBeDefined();
  });

  test('an unknown one, and one that vanished, are refused with a sentence', async () => {
    const { server } = using;
    const body = { name: 'x', base_blueprint: 'Nowhere.sh' };
    const unknown = await server.api.ask(routes.createInstance, { body });
    expect([unknown.status, unknown.error?.code]).toEqual([409, 'blueprint_unusable']);
    await writeBlueprint(server.dataDir, 'Vanishes.sh', fakeWebui());
    const { id } = await server.create({ name: 'vanishes', base_blueprint: 'Vanishes.sh' });
    await rm(file('Vanishes.sh'));
    await server.api.ask(routes.actOnInstance, { params: { id, action: 'start' } });
    const failed = await server.untilInstance(id, ({ status }) => status === 'error', 'the error');
    expect(failed.status_reason).toMatchObject({
      code: 'blueprint_unusable',
      message: expect.stringContaining('Vanishes.sh'),
    });
    expect(failed.allowedActions).toContain('start');
  });

  test('an empty one ends by itself', async () => {
    const { server } = using;
    await writeBlueprint(server.dataDir, 'Nothing.sh', '');
    await writeFile(file('Empty.sh'), '');
    for (const base_blueprint of ['Nothing.sh', 'Empty.sh']) {
      const answer = await server.api.ask(routes.createInstance, { body: { name: base_blueprint, base_blueprint } });
      if (answer.status !== 201) {
        expect([answer.status, answer.error?.code]).toEqual([409, 'blueprint_unusable']);
        continue;
      }
      await server.act(answer.data.id, 'start');
      const ended = await server.untilInstance(answer.data.id, ({ status }) => status !== 'starting', 'its end');
      expect([ended.status, ended.run?.exit_code]).toEqual(['stopped', 0]);
    }
  });

  test('bash errors reach the log and the reason', async () => {
    const { server } = using;
    await writeBlueprint(server.dataDir, 'Syntax.sh', 'if then fi');
    const { id } = await server.create({ name: 'syntax', base_blueprint: 'Syntax.sh' });
    await server.act(id, 'start');
    const failed = await server.untilInstance(id, ({ status }) => status === 'error', 'the error');
    expect(failed.run?.exit_code).toBe(2);
    expect(failed.status_reason?.lines?.join('\n')).toContain('syntax error');
  });

  test('10 MB without a newline, then an end: kept whole, memory bounded', async () => {
    const { server } = using;
    const size = 10 * 1024 * 1024;
    await writeBlueprint(server.dataDir, 'Long.sh', `head -c ${size} /dev/zero | tr '\\0' x\nexit 5`);
    const { id } = await server.create({ name: 'long', base_blueprint: 'Long.sh' });
    const before = residentMiB(server.pid);
    const tail = await (await server.act(id, 'start'), server.tailLog(id));
    const failed = await server.untilInstance(id, ({ status }) => status === 'error', 'its end', 20_000);
    expect(failed.run?.exit_code).toBe(5);
    for (const line of failed.status_reason?.lines ?? []) expect(line.length).toBeLessThan(10_000);
    expect((await server.log(id)).length).toBe(size);
    expect([tail.faults, tail.gaps]).toEqual([[], []]);
    tail.close();
    note('memory taken by 10 MB in one line', `${Math.round(residentMiB(server.pid) - before)} MiB`);
    expect(residentMiB(server.pid) - before).toBeLessThan(100);
  });

  test('output that is no UTF-8 is kept byte for byte', async () => {
    const { server } = using;
    const script = `printf '\\xff\\xfe broken \\xc3\\x28 \\x00\\x1b[31mred\\x1b[0m \\xf0\\x9f\\x98\\n'\nexit 6`;
    await writeBlueprint(server.dataDir, 'Bytes.sh', script);
    const { id } = await server.create({ name: 'bytes', base_blueprint: 'Bytes.sh' });
    await server.act(id, 'start');
    const failed = await server.untilInstance(id, ({ status }) => status === 'error', 'its end');
    expect(failed.status_reason?.lines?.join('')).toContain('broken');
    const bytes = Buffer.from('fffe2062726f6b656e20c328200' + '01b5b33316d7265641b5b306d20f09f980a', 'hex');
    expect((await server.log(id)).equals(bytes)).toBe(true);
  });

  test('a script that is no script at all is an error, not a crash', async () => {
    const { server } = using;
    await writeBlueprint(
      server.dataDir,
      'Binary.sh',
      Buffer.from(Array.from({ length: 4096 }, (_, n) => (n * 37) & 255)),
    );
    const { id } = await server.create({ name: 'binary', base_blueprint: 'Binary.sh' });
    await server.act(id, 'start');
    await server.untilInstance(id, ({ status }) => ['error', 'stopped'].includes(status), 'its end');
    expect(alarmsIn(server.output)).toEqual([]);
  });
});
