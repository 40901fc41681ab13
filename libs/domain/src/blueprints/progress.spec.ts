import { progress, progressFraction } from '@aikore/contract';
import { describe, expect, it } from 'vitest';
import { parseProgressLine } from './progress';

describe('parseProgressLine', () => {
  it('reads phase, step, steps and text', () => {
    expect(parseProgressLine('install\t2\t7\tCloning the repository')).toEqual({
      phase: 'install',
      step: 2,
      steps: 7,
      text: 'Cloning the repository',
    });
    expect(parseProgressLine('launch\t0\t0\tStarting\r\n')).toEqual({
      phase: 'launch',
      step: 0,
      steps: 0,
      text: 'Starting',
    });
  });

  it('reads how far the step is', () => {
    expect(parseProgressLine('install\t2\t4\tDownloading\t40%')).toMatchObject({
      step: 2,
      text: 'Downloading',
      part: 0.4,
    });
    expect(parseProgressLine('install\t2\t4\tDownloading\t999%')).toMatchObject({ part: 1 });
    expect(parseProgressLine('install\t2\t4\t50%')).toMatchObject({ text: '50%' });
    expect(parseProgressLine('install\t2\t4\t50%')).not.toHaveProperty('part');
  });

  it('clamps numbers', () => {
    expect(parseProgressLine('install\t9\t7\tx')).toMatchObject({ step: 7, steps: 7 });
    expect(parseProgressLine('install\t-3\t7\tx')).toMatchObject({ step: 0, steps: 7 });
    expect(parseProgressLine('install\t3\t-1\tx')).toMatchObject({ step: 3, steps: 0 });
    expect(parseProgressLine(`install\t1\t${'9'.repeat(300)}\tx`)).toMatchObject({ steps: 1_000_000 });
  });

  it('cleans and cuts the text', () => {
    expect(parseProgressLine('install\t1\t2\ta\tb\u0000c\u001b[1;31md')).toMatchObject({ text: 'a b cd' });
    expect(parseProgressLine('install\t1\t2')).toMatchObject({ text: '' });
    const long = parseProgressLine(`install\t1\t2\t${'😀'.repeat(300)}`);
    expect([...(long?.text ?? '')]).toHaveLength(200);
    expect(long?.text.endsWith('😀')).toBe(true);
  });

  it.each([
    '',
    '\n',
    'install',
    'install 1 2 text',
    'Install\t1\t2\tx',
    'build\t1\t2\tx',
    'install\tone\t2\tx',
    'install\t1.5\t2\tx',
    'install\t1\t\tx',
    'install\tNaN\tInfinity\tx',
    '\u0000\uFFFD\t\t\t',
    '\t'.repeat(100_000),
  ])('gives null for %j', (line) => {
    expect(parseProgressLine(line)).toBeNull();
  });

  it('always gives what the contract allows', () => {
    for (const line of ['install\t5\t2\tx\t7%', 'launch\t-1\t-1\t', `install\t1\t1\t${'\t'.repeat(9000)}`]) {
      expect(progress.safeParse(parseProgressLine(line)).success).toBe(true);
    }
  });
});

describe('progressFraction', () => {
  it('counts finished steps and the part of the current one', () => {
    const at = (step: number, steps: number, part?: number) =>
      progressFraction({ phase: 'install', step, steps, text: '', part });
    expect(at(1, 4)).toBe(0);
    expect(at(3, 4)).toBe(0.5);
    expect(at(3, 4, 0.5)).toBe(0.625);
    expect(at(4, 4, 1)).toBe(1);
    expect(at(0, 4)).toBe(0);
    expect(at(3, 0)).toBeNull();
  });
});
