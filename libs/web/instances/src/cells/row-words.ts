import type { RestartPolicy } from '@aikore/contract';

/** What is done when an app ends by itself, in words for people. */
export const policyOptions: readonly { readonly value: RestartPolicy; readonly label: string }[] = [
  { value: 'never', label: 'never' },
  { value: 'on-failure', label: 'on failure' },
  { value: 'always', label: 'always' },
];
export const policyTip = 'Start it again when it ends by itself: never, after a failure, or always';
export const persistentTip =
  'Persistent UI: needs a persistent desktop, which this version does not have yet. The app does not start while this is on';
export const noEnvironmentTip = 'Its blueprint makes no environment: there is no version to choose';
