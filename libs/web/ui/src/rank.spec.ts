import { describe, expect, it } from 'vitest';
import { rankItems, type PaletteItem } from './rank';

const item = (id: string, group: string, words?: string): PaletteItem => ({ id, label: id, group, icon: 'x', words });
const items = [item('Logs', 'Tools'), item('Stop a', 'Instances'), item('Stop b', 'Instances'), item('Ink', 'Theme')];
const ids = (query: string, recent: string[] = []) => rankItems(items, query, recent).map((row) => row.item.id);

describe('the rows of the palette', () => {
  it('begin with what was used last, then everything by group', () => {
    const rows = rankItems(items, '', ['Stop b', 'gone']);
    expect(rows.map((row) => [row.item.id, row.heading])).toEqual([
      ['Stop b', 'Used last'],
      ['Logs', 'Tools'],
      ['Stop a', 'Instances'],
      ['Ink', 'Theme'],
    ]);
  });

  it('gathers a group that comes in pieces', () => {
    const mixed = [item('1', 'A'), item('2', 'B'), item('3', 'A')];
    expect(rankItems(mixed, '', []).map((row) => row.item.id)).toEqual(['1', '3', '2']);
  });

  it('are the best matches, the one used last before its equal', () => {
    expect(ids('stop')).toEqual(['Stop a', 'Stop b']);
    expect(ids('stop', ['Stop b'])).toEqual(['Stop b', 'Stop a']);
    expect(ids('theme')).toEqual(['Ink']);
    expect(ids('nothing such')).toEqual([]);
  });

  it('mark what was typed', () => {
    expect(rankItems(items, 'op b', [])[0]?.parts).toEqual([
      { text: 'St', marked: false },
      { text: 'op', marked: true },
      { text: ' ', marked: false },
      { text: 'b', marked: true },
    ]);
  });

  it('are never too many', () => {
    const many = Array.from({ length: 4_000 }, (_, index) => item(`Start app ${index}`, 'Instances'));
    expect(rankItems(many, '', [])).toHaveLength(60);
    expect(rankItems(many, 'app', [])).toHaveLength(60);
    expect(rankItems(many, 'app 3999', [])[0]?.item.id).toBe('Start app 3999');
  });
});
