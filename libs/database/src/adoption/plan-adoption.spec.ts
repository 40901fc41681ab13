import { describe, expect, it } from 'vitest';
import type { LegacyRow, LegacyTables, LegacyValue } from './legacy-rows';
import { planAdoption } from './plan-adoption';

const range = { from: 19001, to: 19020 };

const row = (id: LegacyValue, name: LegacyValue, more: LegacyRow = {}): LegacyRow => ({
  id,
  name,
  base_blueprint: 'a.sh',
  gpu_ids: null,
  autostart: 0,
  persistent_mode: 0,
  status: 'stopped',
  pid: null,
  port: null,
  persistent_port: null,
  persistent_display: null,
  ...more,
});

const legacy = (...instances: LegacyRow[]): LegacyTables => ({ version: 1, instances, meta: [] });
const plan = (...rows: LegacyRow[]) => planAdoption(legacy(...rows), range);

describe('planAdoption', () => {
  it('has nothing to note about a sound row', () => {
    const { instances, notes } = plan(row(3, 'Comfy', { port: 19001 }));
    expect(notes).toEqual([]);
    expect(instances).toEqual([
      expect.objectContaining({ id: 3, name: 'Comfy', slug: 'comfy', directory: 'Comfy', position: 1, port: 19001 }),
    ]);
  });

  it.each([
    ['two names that give one slug', ['My App', 'my_app', 'MY-APP'], ['my-app', 'my-app-2', 'my-app-3']],
    ['names of which nothing remains', ['模型', '🎨'], ['app', 'app-2']],
    [
      'long names that differ at the end',
      ['x'.repeat(50) + 'a', 'x'.repeat(50) + 'b'],
      ['x'.repeat(40), 'x'.repeat(38) + '-2'],
    ],
  ])('heals %s', (_what, names, slugs) => {
    const { instances, notes } = plan(...names.map((name, index) => row(index + 1, name)));
    expect(instances.map(({ slug }) => slug)).toEqual(slugs);
    expect(instances.map(({ name }) => name)).toEqual(names);
    expect(instances.map(({ directory }) => directory)).toEqual(names);
    expect(notes.map(({ field }) => field)).toEqual(slugs.slice(1).map(() => 'slug'));
  });

  it('heals doubled names: the first keeps name and folder, a free number is taken', () => {
    const { instances, notes } = plan(row(1, 'a'), row(2, 'a'), row(3, 'a-2'), row(4, 'a'));
    expect(instances.map(({ name }) => name)).toEqual(['a', 'a-3', 'a-2', 'a-4']);
    expect(instances.map(({ directory }) => directory)).toEqual(['a', 'a-3', 'a-2', 'a-4']);
    expect(notes.filter(({ field }) => field === 'name')).toHaveLength(2);
    expect(notes.filter(({ field }) => field === 'directory')).toHaveLength(2);
  });

  it.each<[what: string, name: LegacyValue, healed: string, directory: string]>([
    ['NULL', null, 'instance-1', 'instance-1'],
    ['an empty text', '', 'instance-1', 'instance-1'],
    ['a line break', 'a\nb', 'ab', 'a\nb'],
    ['a NUL', 'a\0b', 'ab', 'ab'],
    ['nothing visible', ' \u200B ', 'instance-1', ' \u200B '],
    ['more than 64 characters', '🎨'.repeat(65), '🎨'.repeat(64), 'app'],
    ['a long name that a folder may have', 'x'.repeat(200), 'x'.repeat(64), 'x'.repeat(200)],
    ['a number', 42, '42', '42'],
    ['a blob', Buffer.from('blob'), 'blob', 'blob'],
  ])('heals a name that is %s', (_what, name, healed, directory) => {
    const { instances, notes } = plan(row(1, name));
    expect(instances[0]).toMatchObject({ name: healed, directory });
    expect(notes.filter(({ instance_id, field }) => instance_id === 1 && field === 'name')).not.toEqual([]);
  });

  it.each([
    ['..', 'app'],
    ['.', 'app'],
    ['.wheels', 'wheels'],
    ['../../etc', 'etc'],
    ['/abs', 'abs'],
    ['a/b', 'a-b'],
  ])('gives %j a folder of its own and keeps the name', (name, directory) => {
    const { instances, notes } = plan(row(1, name));
    expect(instances[0]).toMatchObject({ name, directory });
    expect(notes).toEqual([expect.objectContaining({ field: 'directory', old_value: name, new_value: directory })]);
  });

  it.each([' spaced ', 'CON', 'it\'s "odd"; $(x)', 'e\u0301'])('keeps the odd name %j as it stands', (name) => {
    const { instances, notes } = plan(row(1, name));
    expect(instances[0]).toMatchObject({ name, directory: name });
    expect(notes).toEqual([]);
  });

  it('takes invisible characters out of a name, and keeps the folder that has them', () => {
    const { instances, notes } = plan(row(1, '\u202Ertl'));
    expect(instances[0]).toMatchObject({ name: 'rtl', directory: '\u202Ertl' });
    expect(notes).toEqual([expect.objectContaining({ field: 'name', new_value: 'rtl' })]);
  });

  it('does not give a derived folder a name that another row has', () => {
    const { instances } = plan(row(1, 'a/b'), row(2, 'A-B'));
    expect(instances.map(({ directory }) => directory)).toEqual(['a-b-2', 'A-B']);
  });

  it('resets public ports outside the range and doubled ones to Auto', () => {
    const { instances, notes } = plan(
      row(1, 'a', { port: 19001 }),
      row(2, 'b', { port: 19001 }),
      row(3, 'c', { port: 8080 }),
      row(4, 'd', { persistent_mode: 1, port: 43127, persistent_port: 19001, persistent_display: 10 }),
      row(5, 'e', { persistent_mode: 1, port: 43127, persistent_port: 19002, persistent_display: 10 }),
      row(6, 'f', { port: 19020, persistent_port: 19001 }),
    );
    expect(
      instances.map(({ port, persistent_port, persistent_display }) => [port, persistent_port, persistent_display]),
    ).toEqual([
      [19001, null, null],
      [null, null, null],
      [null, null, null],
      [43127, null, 10],
      [43127, 19002, null],
      [19020, 19001, null],
    ]);
    expect(notes.map(({ instance_id, field, old_value }) => [instance_id, field, old_value])).toEqual([
      [2, 'port', '19001'],
      [3, 'port', '8080'],
      [4, 'persistent_port', '19001'],
      [5, 'persistent_display', '10'],
    ]);
  });

  it.each<[LegacyValue, number | null]>([
    ['19005', 19005],
    [' 19005 ', 19005],
    ['none', null],
    [19005.5, null],
    [0, null],
    [-1, null],
    [70_000, null],
    [Buffer.from([1]), null],
  ])('reads the port %j as %j and notes it', (port, healed) => {
    const { instances, notes } = plan(row(1, 'a', { port }));
    expect(instances[0]?.port).toBe(healed);
    expect(notes[0]).toMatchObject({
      instance_id: 1,
      field: 'port',
      new_value: healed === null ? null : String(healed),
    });
  });

  it.each<[LegacyValue, boolean]>([
    [null, false],
    ['true', true],
    ['0', false],
    ['', false],
    [2, true],
    ['maybe', false],
    [Buffer.from([1]), false],
  ])('reads the switch %j as %j and notes it', (autostart, healed) => {
    const { instances, notes } = plan(row(1, 'a', { autostart }));
    expect(instances[0]?.autostart).toBe(healed);
    expect(notes).toEqual([expect.objectContaining({ field: 'autostart', new_value: healed ? '1' : '0' })]);
  });

  it('heals families: parents that are missing, satellites themselves, or form a circle', () => {
    const satellite = (id: number, parent_instance_id: LegacyValue) => row(id, `n${id}`, { parent_instance_id });
    const { instances, notes } = plan(
      satellite(1, null),
      satellite(2, 99),
      satellite(3, 1),
      satellite(4, 3),
      satellite(5, 4),
      satellite(6, 7),
      satellite(7, 6),
      satellite(8, 8),
      satellite(9, '1'),
      satellite(10, 2),
    );
    const parents = instances.map(({ id, parent_instance_id }) => [id, parent_instance_id]);
    expect(parents).toEqual([
      [1, null],
      [2, null],
      [3, 1],
      [4, 1],
      [5, 1],
      [6, null],
      [7, null],
      [8, null],
      [9, 1],
      [10, 2],
    ]);
    const noted = notes.filter(({ field }) => field === 'parent_instance_id').map(({ instance_id }) => instance_id);
    expect(noted.sort()).toEqual([2, 4, 5, 6, 7, 8, 9]);
    const order = [...instances].sort((a, b) => a.position - b.position).map(({ id }) => id);
    expect(order).toEqual([1, 3, 4, 5, 9, 2, 10, 6, 7, 8]);
  });

  it('keeps good ids and gives the other rows new ones', () => {
    const { instances, notes } = plan(row(7, 'a'), row(7, 'b'), row(null, 'c'), row('x', 'd'), row(0, 'e'));
    expect(instances.map(({ id, name }) => [id, name])).toEqual([
      [7, 'a'],
      [8, 'b'],
      [9, 'c'],
      [10, 'd'],
      [11, 'e'],
    ]);
    expect(notes.filter(({ field }) => field === 'id')).toHaveLength(4);
  });

  it('switches off a custom address without a host name, or with one that leads elsewhere', () => {
    const at = (hostname: LegacyValue, use_custom_hostname: LegacyValue = 1) => ({ hostname, use_custom_hostname });
    const { instances, notes } = plan(
      row(1, 'a', at('x.example', 0)),
      row(2, 'b', at('x.example')),
      row(3, 'c', at('X.Example')),
      row(4, 'd', at('')),
      row(5, 'e', at(null)),
    );
    expect(instances.map(({ use_custom_hostname }) => use_custom_hostname)).toEqual([false, true, false, false, false]);
    expect(instances.map(({ hostname }) => hostname)).toEqual(['x.example', 'x.example', 'X.Example', '', null]);
    expect(notes.map(({ instance_id, field, new_value }) => [instance_id, field, new_value])).toEqual([
      [3, 'use_custom_hostname', '0'],
      [4, 'use_custom_hostname', '0'],
      [5, 'use_custom_hostname', '0'],
    ]);
  });

  it('keeps the user’s text where it is odd', () => {
    const odd = { hostname: "https://proxy.example.org:8443/a b?x=1&y='2'", output_path: '../../x', gpu_ids: '0, 1' };
    const { instances, notes } = plan(row(1, 'a', odd));
    expect(instances[0]).toMatchObject(odd);
    expect(notes).toEqual([]);
  });

  it('notes what has no place any more: status, pid, unknown columns, a missing blueprint', () => {
    const { instances, notes } = plan(
      row(1, 'a', { status: 'started', pid: 4242, base_blueprint: null, mine: 'kept' }),
    );
    expect(instances[0]?.base_blueprint).toBe('');
    expect(notes.map(({ field, old_value }) => [field, old_value])).toEqual([
      ['base_blueprint', null],
      ['status', 'started'],
      ['pid', '4242'],
      ['mine', 'kept'],
    ]);
  });
});
