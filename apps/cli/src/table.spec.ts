import { describe, expect, it } from 'vitest';
import { printable, table } from './table';

describe('table', () => {
  it('aligns columns by characters and leaves no trailing blanks', () => {
    expect(
      table(
        ['ID', 'NAME', 'STATUS'],
        [
          ['1', 'Grün 😀', ''],
          ['12', 'b', 'started'],
        ],
      ),
    ).toBe(['ID  NAME    STATUS\n', '1   Grün 😀\n', '12  b       started\n'].join(''));
  });

  it('prints headings alone when there is nothing', () => {
    expect(table(['ID'], [])).toBe('ID\n');
  });

  it('lets nothing through that a terminal would act upon', () => {
    expect(printable('a\x1b[2Jb\nc\u202e')).toBe('a�[2Jb�c�');
  });
});
