/** Values that no field of a kind may have. `undefined` stands for a field that is left out. */
const long = 'x'.repeat(5000);
const noText = [5, true, {}, [], ['a']];
const noFlag = ['yes', 1, 'true', null, {}, []];
const version = [...noText, 'latest', '3.12; rm -rf /', '$(id)', '3.12\n', '../3', '1'.repeat(50), '3.12\0'];

/** What each field of an instance must refuse, by the contract's own words. */
export const badSettings: Readonly<Record<string, readonly unknown[]>> = {
  name: [...noText, null, '', '   ', 'x'.repeat(65), long, 'a\0b', 'a\nb', '\u200b', '\u2028', '\ud800', 'a\u0007'],
  base_blueprint: [
    ...[
      ...noText,
      null,
      '',
      'App',
      '..',
      '../App.sh',
      '/etc/passwd',
      'a/b.sh',
      'App.sh\0',
      'App.sh\n',
      '.sh',
      '-x.sh/',
    ],
    ...[`${'x'.repeat(200)}.sh`, '..\\App.sh', '%2e%2e/App.sh'],
  ],
  gpu_ids: [...noText, 'all', '0;1', '-1', '0,,1', ',', '1'.repeat(300), '0\0', '$(id)', '0x1'],
  port: ['19001', 0, -1, 65536, 1.5, true, {}, [], 'abc', 22],
  persistent_mode: noFlag,
  output_path: [...noText, '/etc', '..', '../x', 'a/../b', 'a//b', 'a/', 'a\\b', './a', 'a\0b', 'a\nb', long],
  hostname: [...noText, 'http://x', 'a b', 'a/b', '-x', 'x-', 'a_b.example', 'a\0', 'x:80', 'é.example', '[::1]', long],
  use_custom_hostname: noFlag,
  autostart: noFlag,
  python_version: version,
  cuda_version: version,
  torch_version: version,
  restart_policy: [...noText, null, '', 'sometimes', 'ALWAYS'],
};

/** Fields that a client may not set. */
export const foreignFields: readonly string[] = [
  ...['id', 'status', 'slug', 'directory', 'position', 'parent_instance_id', 'desired_state', 'app_port'],
  ...['persistent_port', 'persistent_display', 'pending_delete', 'current_run_id', 'constructor', 'no such field'],
];

/** Path pieces that are no id. */
export const badIds: readonly string[] = [
  ...[
    'abc',
    '0',
    '-1',
    '1.5',
    '9007199254740993',
    '..',
    '../1',
    '1/..',
    '\0',
    '1\0',
    '1;2',
    "1' OR '1'='1",
    'NaN',
    'Infinity',
  ],
  ...['1e400', '💥', long.slice(0, 1000), '987654'],
];

export const badTokenNames: readonly unknown[] = [...noText, null, undefined, '', '  ', 'x'.repeat(65), 'a\0b', 'a\nb'];
export const badDays: readonly unknown[] = ['5', 0, -1, 1.5, 4000, {}, null, true];
export const badNumbersInQuery: readonly string[] = ['-1', 'abc', '1.5', '0x', 'NaN', '99999999999999999999'];
export const badPaths: readonly unknown[] = [...noText, null, '', 'x', 'http://evil.example', `/${long}`];

/** Whole bodies that are no object of the route. */
export const badBodies: readonly (string | Buffer)[] = [
  ...[
    '',
    '{',
    '[]',
    'null',
    '"text"',
    '5',
    'true',
    '{"name":',
    '{"name":"a",}',
    '{} {}',
    '\0',
    'name=a&base_blueprint=b',
  ],
  ...['['.repeat(50_000), `${'{"a":'.repeat(2000)}1${'}'.repeat(2000)}`, '{"__proto__":{"admin":true}}'],
  ...[Buffer.from([0xff, 0xfe, 0x7b, 0x7d]), Buffer.from([0x7b, 0xc3, 0x28, 0x7d])],
];
