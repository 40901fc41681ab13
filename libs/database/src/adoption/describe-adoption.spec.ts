import { expect, it } from 'vitest';
import { describeAdoption } from './describe-adoption';

const note = {
  id: 1,
  instance_id: 3,
  instance_name: 'Flux Gym',
  field: 'port',
  old_value: '80',
  new_value: null,
  reason: 'It is outside the range 19001-19020; the next start takes a free one.',
  created_at: '2026-06-01T12:00:00.000Z',
};

it('says for each value what it was, what it is now, and why', () => {
  const text = describeAdoption({
    version: 6,
    instances: 4,
    notes: [
      note,
      { ...note, instance_id: null, instance_name: null, field: 'schema_version', old_value: null, new_value: '6' },
    ],
  });
  expect(text.split('\n')).toEqual([
    'Took over 4 instances from the database of an older AiKore (schema version 6). 2 values could not stay as they ' +
      'were (`aikore adoption-notes` lists them again):',
    '  3 "Flux Gym": port was "80", is now empty. It is outside the range 19001-19020; the next start takes a free one.',
    `  the database: schema_version was empty, is now "6". ${note.reason}`,
  ]);
});

it('says when nothing was changed', () => {
  expect(describeAdoption({ version: 1, instances: 2, notes: [] })).toMatch(/Every value is as it was\.$/);
});

it('shows texts of any kind on one short line', () => {
  const old_value = `\u001b[31m\n\u202e${'x'.repeat(500)}`;
  const text = describeAdoption({ version: 1, instances: 1, notes: [{ ...note, old_value }] });
  expect(text.split('\n')).toHaveLength(2);
  expect(text).toContain(`was "\u{fffd}[31m\u{fffd}\u{fffd}${'x'.repeat(73)}…"`);
});
