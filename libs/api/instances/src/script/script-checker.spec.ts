import { AppConfig, loadConfig } from '@aikore/api/kernel';
import { maxCheckedBytes } from '@aikore/contract';
import { FakeCommandRunner } from '@aikore/platform/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { ScriptChecker } from './script-checker';

const comment = {
  file: '-',
  line: 2,
  endLine: 2,
  column: 6,
  endColumn: 8,
  level: 'info',
  code: 2086,
  message: 'Quote.',
};
const report = (comments: unknown[]) => ({ end: 'exited', code: 1, stdout: JSON.stringify({ comments }) }) as const;
const config = new AppConfig(loadConfig({ PATH: '/opt/tools' }, { blueprintsDir: '/', version: '0' }));

describe('ScriptChecker', () => {
  let commands: FakeCommandRunner;
  let checker: ScriptChecker;
  beforeEach(() => {
    commands = new FakeCommandRunner();
    checker = new ScriptChecker(config, commands);
  });

  it('answers with what ShellCheck found', async () => {
    commands.answer = () => report([comment]);
    expect(await checker.check('echo $a')).toEqual({
      available: true,
      note: null,
      findings: [
        {
          line: 2,
          column: 6,
          end_line: 2,
          end_column: 8,
          level: 'info',
          code: 2086,
          message: 'Quote.',
          file: undefined,
        },
      ],
    });
    const [spec] = commands.specs;
    expect(spec).toMatchObject({ stdin: 'echo $a', env: { PATH: '/opt/tools' }, cwd: '/' });
    expect(spec?.argv.join(' ')).not.toContain('echo');
  });

  it('says what it could not do, and checks the header all the same', async () => {
    const broken =
      '#!/bin/bash\n### AIKORE-METADATA-START ###\n# aikore.start_timeout = söon\n### AIKORE-METADATA-END ###\n';
    const answers = [
      [{ end: 'not_found' }, 'not installed'],
      [{ end: 'killed', reason: 'timeout' }, 'could not finish'],
      [{ end: 'exited', code: 2, stdout: '' }, 'could not finish'],
      [{ end: 'exited', code: 1, stdout: '{"comments":[{}]}' }, 'could not finish'],
    ] as const;
    for (const [answer, note] of answers) {
      commands.answer = () => answer;
      const result = await checker.check(broken);
      expect(result).toMatchObject({ available: false, note: expect.stringContaining(note) as string });
      expect(result.findings).toEqual([
        {
          line: 3,
          column: 1,
          end_line: 3,
          end_column: 30,
          level: 'error',
          code: null,
          message: expect.stringContaining('aikore.start_timeout') as string,
        },
      ]);
    }
  });

  it('does not give it what would take minutes', async () => {
    const result = await checker.check(`#${'x'.repeat(maxCheckedBytes)}`);
    expect([result.available, result.note, commands.specs]).toEqual([false, expect.stringContaining('too long'), []]);
  });

  it('runs one at a time, and lets only a few wait', async () => {
    let running = 0;
    let most = 0;
    commands.answer = async () => {
      most = Math.max(most, (running += 1));
      await Promise.resolve();
      running -= 1;
      return report([]);
    };
    const answers = await Promise.allSettled(Array.from({ length: 8 }, () => checker.check('echo')));
    expect(most).toBe(1);
    const refused = answers.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(3);
    expect(refused[0]).toMatchObject({ reason: { code: 'rate_limited' } });
    expect((await checker.check('echo')).available).toBe(true);
  });
});
