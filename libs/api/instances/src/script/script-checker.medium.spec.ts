import { AppConfig, loadConfig } from '@aikore/api/kernel';
import { NodeCommandRunner } from '@aikore/platform';
import { describe, expect, it } from 'vitest';
import { ScriptChecker } from './script-checker';

const config = new AppConfig(loadConfig({ PATH: process.env['PATH'] }, { blueprintsDir: '/', version: '0' }));
const checker = new ScriptChecker(config, new NodeCommandRunner());

describe('ShellCheck itself', () => {
  it('finds mistakes, counting a tab as one column; sourced files are no concern', async ({ skip }) => {
    const script = 'a="$1"\nsource "$AIKORE_LIB/x.sh"\n\techo $a\nif true; then\n  echo\nfi\n';
    const { available, findings } = await checker.check(script);
    if (!available) skip('shellcheck is not installed');
    expect(findings).toEqual([
      expect.objectContaining({ line: 3, column: 7, end_line: 3, end_column: 9, level: 'info', code: 2086 }),
    ]);
  });

  it('stands a script that does not end', async ({ skip }) => {
    const { available, findings } = await checker.check('if true; then\n');
    if (!available) skip('shellcheck is not installed');
    expect(findings.some(({ level }) => level === 'error')).toBe(true);
  });
});
