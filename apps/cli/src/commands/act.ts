import { type Instance, type InstanceAction, routes } from '@aikore/contract';
import type { Command, Invocation } from '../command';
import { CliError, exitCodes } from '../exit-codes';
import { printable } from '../table';
import { parseCount } from '../time';
import { statusText } from './ls';

/** `start`, `stop` or `restart`. */
export const act = (action: InstanceAction, summary: string): Command => ({
  name: action,
  args: ['NAME'],
  summary,
  options: {
    wait: { help: `wait until it is ${reached(action)}` },
    timeout: { value: 'SECONDS', help: 'with --wait: how long at most (300); then the exit code is 7' },
  },
  async run(invocation) {
    const { id } = await invocation.instance();
    const instance = await perform(invocation, id, action);
    await invocation.print(instance, () => `${printable(instance.name)}: ${statusText(instance)}\n`);
    if (invocation.flags.wait === true && instance.status !== reached(action)) throw notReached(instance);
  },
});

/** Do it, and wait where the command says so. */
async function perform(invocation: Invocation, id: number, action: InstanceAction): Promise<Instance> {
  const timeout = parseCount('timeout', invocation.text('timeout') ?? '300', 1, 3600);
  const query = invocation.flags.wait === true ? { wait: reached(action), timeout } : {};
  return (await invocation.api()).call(routes.actOnInstance, { params: { id, action }, query });
}

const reached = (action: InstanceAction): 'started' | 'stopped' => (action === 'stop' ? 'stopped' : 'started');

function notReached({ name, status, status_reason }: Instance): CliError {
  const why = status_reason ? ` ${printable(status_reason.message)}` : '';
  return new CliError(exitCodes.error, `"${printable(name)}" is ${status}.${why}`);
}
