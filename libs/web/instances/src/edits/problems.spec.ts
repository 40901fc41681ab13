import { describe, expect, it } from 'vitest';
import { problemLines, problemsOf, refusalOf, type Refusal } from './problems';

const refused = (code: Refusal['code'], unreachable = false): Refusal => ({
  code,
  message: 'Because.',
  fields: [],
  unreachable,
});

describe('what is wrong with a row', () => {
  it('stands at its field, and once for each', () => {
    const problems = problemsOf([
      { path: ['name'], message: 'must have 1 to 64 characters' },
      { path: 'name', message: 'second' },
      { path: 'gpu_ids.0', message: 'must be indexes' },
      { path: 'unknown', message: 'is odd' },
    ]);
    expect(problems).toEqual({ name: 'must have 1 to 64 characters', gpu_ids: 'must be indexes', '': 'is odd' });
    expect(problemLines(problems ?? {})).toEqual([
      'Name must have 1 to 64 characters',
      'GPUs must be indexes',
      'is odd',
    ]);
    expect(problemsOf([])).toBeNull();
  });

  it('says what to do when the server refused, is gone, or the session is over', () => {
    expect(refusalOf(refused('name_taken')).name).toContain('Because.');
    expect(refusalOf(refused('port_taken')).port).toContain('Because.');
    expect(refusalOf(refused('unauthenticated'))['']).toContain('Save again');
    expect(refusalOf(refused('not_found'))['']).toContain('deleted');
    expect(refusalOf(refused('unavailable', true))['']).toContain('does not answer');
    expect(refusalOf(refused('storage_failed'))['']).toBe('Because.');
  });
});
