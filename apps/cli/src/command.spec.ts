import { describe, expect, it } from 'vitest';
import { type Command, helpOf, parseCommand } from './command';
import { exitCodes } from './exit-codes';

const command: Command = {
  name: 'logs',
  args: ['NAME'],
  summary: 'Print a log.',
  options: { tail: { value: 'n', help: 'last lines' }, follow: { short: 'f', help: 'go on' } },
  run: async () => undefined,
};

describe('parseCommand', () => {
  it('separates arguments from options, in any order', () => {
    expect(parseCommand(command, ['-f', 'comfy', '--tail', '5', '--json'])).toEqual({
      args: ['comfy'],
      flags: { follow: true, tail: '5', json: true },
    });
    expect(parseCommand(command, ['--', '-odd-name']).args).toEqual(['-odd-name']);
  });

  it('needs no arguments to show the help', () => {
    expect(parseCommand(command, ['--help']).flags.help).toBe(true);
  });

  it.each([[[]], [['a', 'b']], [['a', '--nope']], [['a', '--tail']], [['a', '--follow=yes']]])('refuses %j', (argv) => {
    expect(() => parseCommand(command, argv)).toThrow(expect.objectContaining({ exitCode: exitCodes.usage }));
    expect(() => parseCommand(command, argv)).toThrow(/aikore logs --help/);
  });
});

describe('helpOf', () => {
  it('shows usage and every option', () => {
    expect(helpOf(command)).toMatch(/^Usage: aikore logs NAME \[options\]/);
    expect(helpOf(command)).toMatch(/-f, --follow +go on/);
    expect(helpOf(command)).toMatch(/--tail n +last lines/);
  });
});
