import type { ScriptFinding } from '@aikore/contract';
import { Text } from '@codemirror/state';
import { describe, expect, it } from 'vitest';
import { toDiagnostics } from './findings';

const doc = Text.of(['echo', '\t"😀" $a', '']);
const at = (line: number, column: number, end_line = line, end_column = column): ScriptFinding => ({
  line,
  column,
  end_line,
  end_column,
  level: 'warning',
  code: 2086,
  message: 'Quote.',
});
const range = (finding: ScriptFinding) => {
  const [{ from, to } = { from: -1, to: -1 }] = toDiagnostics([finding], doc);
  return doc.sliceString(from, to);
};

describe('findings in the document', () => {
  it('stand where the server means them, tabs and emoji counted as one', () => {
    expect(range(at(1, 1, 1, 5))).toBe('echo');
    expect(range(at(2, 6, 2, 8))).toBe('$a');
    expect(range(at(1, 3, 2, 2))).toBe('ho\n\t');
  });

  it('stay inside it', () => {
    expect(toDiagnostics([at(0, 0), at(9, 9, 99, 99), at(1, 50), at(2, 3, 1, 1)], doc)).toEqual([
      expect.objectContaining({ from: 0, to: 0 }),
      expect.objectContaining({ from: doc.length, to: doc.length }),
      expect.objectContaining({ from: 4, to: 4 }),
      expect.objectContaining({ from: 7, to: 7 }),
    ]);
  });

  it('name their source', () => {
    expect(toDiagnostics([at(1, 1), { ...at(1, 1), level: 'style', code: null }], doc)).toEqual([
      expect.objectContaining({ severity: 'warning', source: 'ShellCheck SC2086', message: 'Quote.' }),
      expect.objectContaining({ severity: 'hint', source: undefined }),
    ]);
  });
});
