import type { ScriptFinding } from '@aikore/contract';
import type { Diagnostic } from '@codemirror/lint';
import type { Line, Text } from '@codemirror/state';

const severities = { error: 'error', warning: 'warning', info: 'info', style: 'hint' } as const;

/** The server's findings as places in the document; what lies outside of it is moved to its edge. */
export function toDiagnostics(findings: readonly ScriptFinding[], doc: Text): Diagnostic[] {
  return findings.map(({ line, column, end_line, end_column, level, code, message }) => {
    const from = position(doc, line, column);
    const to = Math.max(from, position(doc, end_line, end_column));
    const source = code === null ? undefined : `ShellCheck SC${code}`;
    return { from, to, severity: severities[level], message, source };
  });
}

const position = (doc: Text, line: number, column: number): number => {
  const found = doc.line(Math.min(Math.max(line, 1), doc.lines));
  return found.from + unitsBefore(found, column);
};

/** The server counts characters, the document UTF-16 units: an emoji is one there and two here. */
const unitsBefore = ({ text }: Line, column: number): number => {
  let units = 0;
  let characters = 1;
  for (const character of text) {
    if (characters >= column) break;
    units += character.length;
    characters += 1;
  }
  return units;
};
