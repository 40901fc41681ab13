import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type AnyRoute, errorStatus, type Instance, routes, type WireError } from '@aikore/contract';
import { type AnyCall, fakeWebui, http, type HttpAnswer, writeBlueprint } from '@aikore/testing';
import {
  badBodies,
  badDays,
  badIds,
  badNumbersInQuery,
  badPaths,
  badSettings,
  badTokenNames,
  foreignFields,
} from '../support/bad-values';
import { alarmsIn, note, useServer } from '../support/servers';

const show = (value: unknown): string => (JSON.stringify(value) ?? 'undefined').slice(0, 60);

/** Why an answer is no good refusal; null when it is one. */
function faultOf(answer: HttpAnswer & { error: WireError | null }): string | null {
  const { status, error } = answer;
  if (status < 400 || status >= 500) return `status ${status} ${answer.text.slice(0, 100)}`;
  if (!error) return `${status} without an error: ${answer.text.slice(0, 100)}`;
  if (!(error.code in errorStatus)) return `unknown code ${error.code}`;
  if (!/^[A-Z"“`a-z_].{9,}[.!]$/su.test(error.message)) return `no sentence: ${error.message}`;
  if (/\bat \/|node_modules|Error:|undefined|\[object/.test(error.message)) return `leaks: ${error.message}`;
  return null;
}

test.describe('bad input is refused with a reason, and changes nothing', () => {
  const using = useServer();
  let running: Instance;
  let idle: Instance;
  let calls = 0;

  test.beforeAll(async () => {
    const { server } = using;
    await writeBlueprint(server.dataDir, 'App.sh', fakeWebui());
    idle = await server.create({ name: 'idle', base_blueprint: 'App.sh' });
    const { id } = await server.create({ name: 'running', base_blueprint: 'App.sh' });
    running = await server.act(id, 'start', 'started');
  });

  /** All that a refused request could have changed. */
  const state = async () => {
    const { server } = using;
    const folders = ['', 'instances', 'outputs', 'custom_blueprints', 'tmp', 'models'];
    const names = folders.map(async (name) => (await readdir(join(server.dataDir, name))).sort());
    const kept = (await Promise.all(names)).flat().filter((name) => !/^aikore\.|audit/.test(name));
    const tokens = (await server.api.call(routes.listTokens)).map(({ id, name }) => `${id} ${name}`);
    return { instances: await server.list(), tokens, folders: kept };
  };

  /** Send bad calls of a route; collect those that are not refused as they should be. */
  const refuse = async (route: AnyRoute, bad: readonly [what: string, call: AnyCall][]): Promise<void> => {
    const before = await state();
    const faults: string[] = [];
    for (const [what, call] of bad) {
      calls += 1;
      const fault = faultOf(await using.server.api.send(route, call));
      if (fault) faults.push(`${what}: ${fault}`);
    }
    expect.soft(faults).toEqual([]);
    expect.soft(await state()).toEqual(before);
  };

  for (const [field, values] of Object.entries(badSettings)) {
    test(`${field} of an instance`, async () => {
      const good = { name: 'bad input', base_blueprint: 'App.sh' };
      const named = (call: AnyCall, value: unknown): [string, AnyCall] => [`${field} ${show(value)}`, call];
      await refuse(
        routes.createInstance,
        values.map((value) => named({ body: { ...good, [field]: value } }, value)),
      );
      for (const { id } of [idle, running]) {
        await refuse(
          routes.updateInstance,
          values.map((value) => named({ params: { id }, body: { [field]: value } }, value)),
        );
      }
    });
  }

  test('fields that are missing, or not the client’s', async () => {
    await refuse(routes.createInstance, [
      ['nothing', {}],
      ['empty', { body: {} }],
      ['no name', { body: { base_blueprint: 'App.sh' } }],
      ['no blueprint', { body: { name: 'x' } }],
      ['taken port', { body: { name: 'x', base_blueprint: 'App.sh', port: idle.port } }],
      ['unknown blueprint', { body: { name: 'x', base_blueprint: 'Nowhere.sh' } }],
      ...foreignFields.map((name): [string, AnyCall] => [
        name,
        { body: { name: 'x', base_blueprint: 'App.sh', [name]: 1 } },
      ]),
    ]);
    await refuse(routes.updateInstance, [
      ['nothing', { params: { id: idle.id } }],
      ['empty', { params: { id: idle.id }, body: {} }],
      ['a revision only', { params: { id: idle.id }, body: { revision: 1 } }],
      ['taken port', { params: { id: idle.id }, body: { port: running.port } }],
      ['taken name', { params: { id: idle.id }, body: { name: 'running' } }],
      ['vanished blueprint', { params: { id: idle.id }, body: { base_blueprint: 'Nowhere.sh' } }],
      ...['1', 1.5, {}, null, true, 999].map((revision): [string, AnyCall] => [
        `revision ${show(revision)}`,
        { params: { id: idle.id }, body: { autostart: true, revision } },
      ]),
      ...foreignFields.map((name): [string, AnyCall] => [name, { params: { id: idle.id }, body: { [name]: 1 } }]),
    ]);
  });

  test('ids', async () => {
    const withId: [AnyRoute, AnyCall][] = [
      [routes.getInstance, {}],
      [routes.updateInstance, { body: { autostart: true } }],
      [routes.deleteInstance, { query: { mode: 'permanent' } }],
      [routes.actOnInstance, { params: { action: 'start' } }],
      [routes.openInstance, {}],
      [routes.listRuns, {}],
      [routes.readLog, {}],
      [routes.searchLog, {}],
      [routes.deleteToken, {}],
    ];
    for (const [route, call] of withId) {
      const bad = badIds.map((id): [string, AnyCall] => [show(id), { ...call, params: { ...call.params, id } }]);
      await refuse(route, bad);
    }
  });

  test('actions, waits and modes', async () => {
    const { id } = running;
    const act = (action: string, query: Record<string, unknown> = {}): [string, AnyCall] => [
      `${action} ${show(query)}`,
      { params: { id, action }, query },
    ];
    await refuse(routes.actOnInstance, [
      ...['explode', 'START', 'start\0', 'delete', '..', '__proto__', '💥'].map((action) => act(action)),
      ...['started ', 'running', '1', ''].map((wait) => act('stop', { wait })),
      ...['0', '4000', ...badNumbersInQuery].map((timeout) => act('stop', { timeout })),
      act('start'),
      ['stop of a stopped one', { params: { id: idle.id, action: 'stop' } }],
      ['restart of a stopped one', { params: { id: idle.id, action: 'restart' } }],
    ]);
    await refuse(routes.deleteInstance, [
      ...['shred', '', 'TRASH', 'trash,permanent'].map((mode): [string, AnyCall] => [
        mode,
        { params: { id: idle.id }, query: { mode } },
      ]),
      ...['maybe', '2', ''].map((overwrite): [string, AnyCall] => [
        overwrite,
        { params: { id: idle.id }, query: { overwrite } },
      ]),
      ['a running one', { params: { id }, query: { mode: 'permanent' } }],
    ]);
  });

  test('paths to open', async () => {
    const open = (body: unknown): [string, AnyCall] => [show(body), { params: { id: running.id }, body }];
    await refuse(routes.openInstance, [
      ...badPaths.map((path) => open({ path })),
      ...['//evil.example', '/\\evil.example', '/\n'].map((path) => open({ path })),
      open({ url: '/' }),
      open([]),
      open(5),
    ]);
    for (const path of ['/%0d%0aX: y', '/@evil.example', '/..//evil.example']) {
      const { data } = await using.server.api.ask(routes.openInstance, { params: { id: running.id }, body: { path } });
      const entered = await http(running.port ?? 0, new URL(data.url).pathname + new URL(data.url).search, {
        headers: { host: new URL(data.url).host },
      });
      const location = new URL(entered.headers.location ?? '/', data.url);
      expect([path, location.origin]).toEqual([path, new URL(data.url).origin]);
      expect(entered.headers['x']).toBeUndefined();
    }
  });

  test('parts of a log', async () => {
    const read = (query: Record<string, unknown>): [string, AnyCall] => [
      show(query),
      { params: { id: running.id }, query },
    ];
    await refuse(routes.readLog, [
      ...badNumbersInQuery.flatMap((bad) => [read({ from: bad }), read({ limit: bad }), read({ tail: bad })]),
      ...['0', '4194305'].flatMap((bad) => [read({ limit: bad }), read({ tail: bad })]),
      ...['nope', '../../../../etc/passwd', 'x'.repeat(65), '\0', '%2e%2e'].map((run) => read({ run })),
      read({ download: 'maybe' }),
      read({ from: '0', tail: '5' }),
      ['a run of another instance', { params: { id: idle.id }, query: { run: running.run?.id } }],
    ]);
  });

  test('tokens, login and set-up', async () => {
    const token = (body: unknown): [string, AnyCall] => [show(body), { body }];
    await refuse(routes.createToken, [
      ...badTokenNames.map((name) => token({ name })),
      ...badDays.map((days) => token({ name: 'x', expires_in_days: days })),
      token({ name: 'x', role: 'admin' }),
      token({}),
    ]);
    await refuse(routes.deleteToken, [
      ['unknown', { params: { id: 'f'.repeat(16) } }],
      ['too long', { params: { id: 'f'.repeat(65) } }],
    ]);
    const bad = [5, null, '', true, {}, [], undefined, 'x'.repeat(201)];
    await refuse(routes.login, [
      ...bad.map((value) => token({ username: value, password: 'long enough it is' })),
      ...bad.map((value) => token({ username: 'admin', password: value })),
      token({ username: 'a\0', password: 'b\0' }),
      token({ username: 'admin', password: 'x', remember: true }),
    ]);
    await refuse(routes.setup, [
      token({ token: 'x', username: 'eve', password: 'long enough it is' }),
      ...bad.map((value) => token({ token: value, username: 'eve', password: 'long enough it is' })),
    ]);
  });

  test('bodies that are no body', async () => {
    const { server } = using;
    const before = await state();
    const faults: string[] = [];
    const targets: [string, string][] = [
      ['POST', '/api/instances'],
      ['PATCH', `/api/instances/${idle.id}`],
      ['POST', '/api/tokens'],
      ['POST', '/api/auth/login'],
    ];
    const send = async (method: string, path: string, body: string | Buffer, headers: Record<string, string>) => {
      const answer = await http(server.port, path, { method, body, headers: { ...server.api.headers, ...headers } });
      let error: WireError | null = null;
      try {
        error = (JSON.parse(answer.text) as { error: WireError }).error;
      } catch {
        // Said below: an answer without an error.
      }
      const fault = faultOf({ ...answer, error });
      if (fault) faults.push(`${method} ${path} ${show(body.toString())} ${show(headers)}: ${fault}`);
      return answer;
    };
    const json = { 'content-type': 'application/json' };
    for (const [method, path] of targets) {
      for (const body of badBodies) await send(method, path, body, json);
      const good = '{"name":"x","base_blueprint":"App.sh"}';
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data',
        'x',
        'application/xml',
      ]) {
        await send(method, path, good, { 'content-type': type });
      }
      await send(method, path, good, { 'content-type': 'application/json; charset=klingon' });
      await send(method, path, good, { ...json, 'content-encoding': 'br' });
      await send(method, path, good, { ...json, 'content-encoding': 'zip' });
      const huge = await send(method, path, `{"name":"${'x'.repeat(2 * 1024 * 1024)}"}`, json);
      expect(huge.status).toBe(413);
    }
    expect(faults).toEqual([]);
    expect(await state()).toEqual(before);
  });

  test('bytes that are no text', async () => {
    const { server } = using;
    const before = await state();
    const bodies: [bytes: Buffer, type: string][] = [
      [Buffer.from('{"name":"caf\xe9","base_blueprint":"App.sh"}', 'latin1'), 'application/json'],
      [Buffer.from('{"name":"\xed\xa0\x80","base_blueprint":"App.sh"}', 'latin1'), 'application/json'],
      [Buffer.from('{"name":"x","base_blueprint":"App.sh"}', 'utf16le'), 'application/json; charset=utf-16le'],
    ];
    for (const [body, type] of bodies) {
      const headers = { ...server.api.headers, 'content-type': type };
      const answer = await http(server.port, '/api/instances', { method: 'POST', body, headers });
      expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('not valid UTF-8')]);
    }
    expect(await state()).toEqual(before);
    const good = Buffer.from('{"name":"café \u{1f9e9}","base_blueprint":"App.sh"}');
    const headers = { ...server.api.headers, 'content-type': 'application/json; charset=UTF-8' };
    const made = await http(server.port, '/api/instances', { method: 'POST', body: good, headers });
    expect((JSON.parse(made.text) as Instance).name).toBe('café \u{1f9e9}');
  });

  test('addresses in another spelling', async () => {
    const { server } = using;
    const page = { ...server.api.headers, accept: 'text/html' };
    for (const path of ['/API/instances', '/api/Instances', '/Api', '/API/docs', '/api/DOCS', '/API/health']) {
      const answer = await http(server.port, path, { headers: page });
      expect([path, answer.status, answer.text]).toEqual([path, 404, expect.stringContaining('not_found')]);
      expect([path, (await http(server.port, path, { headers: page, method: 'POST' })).status]).toEqual([path, 404]);
    }
  });

  test('nothing of it troubled the server', () => {
    note('refused calls', `${calls}`);
    expect(alarmsIn(using.server.output)).toEqual([]);
  });
});
