import { inject } from '@angular/core';
import type { AllowedAction, Instance, InstanceAction } from '@aikore/contract';
import { InstancesStore, contributeCommands, type Command } from '@aikore/web/data';

type Offered = InstanceAction | 'open' | 'delete';
const offered: Record<Offered, { readonly verb: string; readonly icon: string; readonly words: string }> = {
  start: { verb: 'Start', icon: 'play', words: 'run launch' },
  stop: { verb: 'Stop', icon: 'stop', words: 'end kill' },
  restart: { verb: 'Restart', icon: 'restart', words: 'again' },
  open: { verb: 'Open', icon: 'open', words: 'tab browser' },
  delete: { verb: 'Delete', icon: 'trash', words: 'remove trash' },
};
const isOffered = (action: AllowedAction): action is Offered => action in offered;

/**
 * Offers every action that the server allows, on every instance, for as long as the calling component lives. Call it
 * where `inject` works.
 *
 * @param act does it, and says what went wrong
 */
export function contributeInstanceCommands(act: (instance: Instance, action: Offered) => unknown): void {
  const store = inject(InstancesStore);
  contributeCommands(() => store.instances().flatMap((instance) => commandsOf(instance, act)));
}

const commandsOf = (instance: Instance, act: (instance: Instance, action: Offered) => unknown): Command[] =>
  instance.allowedActions.filter(isOffered).map((action) => ({
    id: `${action}:${instance.id}`,
    label: `${offered[action].verb} ${instance.name}`,
    group: 'Instances',
    icon: offered[action].icon,
    words: `${offered[action].words} ${instance.status}`,
    run: () => act(instance, action),
  }));
