import { describe, expect, it } from 'vitest';
import { isForTheMoment, isTerminalAnswer } from './output-queries';

describe('isForTheMoment', () => {
  it('knows questions, and what sets the clipboard', () => {
    const questions = [
      '[c',
      '[0c',
      '[>c',
      '[=c',
      '[5n',
      '[6n',
      '[?6n',
      '[?2026$p',
      '[4$p',
      '[>q',
      '[>0q',
      '[?u',
      '[18t',
    ];
    const strings = ['P$qm\x1b\\', 'P+q544e\x1b\\', ']11;?\x07', ']4;1;?\x1b\\', ']52;c;eA==\x07'];
    for (const text of [...questions, ...strings]) expect([text, isForTheMoment(`\x1b${text}`)]).toEqual([text, true]);
  });

  it('lets everything else be', () => {
    const others = [
      '[m',
      '[2J',
      '[u',
      '[?25h',
      '[22;0t',
      '[4 q',
      '[!p',
      ']0;title\x07',
      ']8;;http://x/?a\x07',
      'c',
      '(B',
    ];
    for (const text of others) expect([text, isForTheMoment(`\x1b${text}`)]).toEqual([text, false]);
  });
});

describe('isTerminalAnswer', () => {
  it('knows what terminals say by themselves', () => {
    const answers = ['[?1;2c', '[>0;276;0c', '[0n', '[24;80R', '[?24;80R', '[?2026;2$y', '[I', '[O', 'P1$r0m\x1b\\'];
    for (const text of [...answers, ']11;rgb:1111/2222/3333\x1b\\', '[I\x1b[24;80R']) {
      expect([text, isTerminalAnswer(`\x1b${text}`)]).toEqual([text, true]);
    }
  });

  it('lets what a person types pass', () => {
    for (const text of [
      'c',
      'ls\r',
      '\x1b',
      '\x1b[A',
      '\x1bOP',
      '\x1b[1;5C',
      '\x1b[200~x\x1b[201~',
      '\x1b[<0;1;1M',
      '',
      '\x1bc',
    ]) {
      expect([text, isTerminalAnswer(text)]).toEqual([text, false]);
    }
  });
});
