import { CommandRunner, type CommandResult, type CommandSpec } from './command-runner';

/** Commands that are only recorded; `answer` says what comes of them. */
export class FakeCommandRunner extends CommandRunner {
  readonly specs: CommandSpec[] = [];
  answer: (spec: CommandSpec) => CommandResult | Promise<CommandResult> = () => ({ end: 'not_found' });

  async run(spec: CommandSpec): Promise<CommandResult> {
    this.specs.push(spec);
    return this.answer(spec);
  }
}
