import type { LaunchChange, LaunchSnapshot } from '@aikore/contract';

/** What one start had that another did not, the weightiest first: blueprint, script, versions, settings. */
export function compareLaunches(before: LaunchSnapshot, after: LaunchSnapshot): LaunchChange[] {
  return [
    ...difference('blueprint', '', before.blueprint, after.blueprint),
    ...difference('script', '', before.script, after.script),
    ...differences('version', before.versions, after.versions),
    ...differences('setting', before.settings, after.settings),
  ];
}

type Values = Readonly<Record<string, string>>;

function differences(what: LaunchChange['what'], before: Values, after: Values): LaunchChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) => difference(what, name, before[name] ?? null, after[name] ?? null));
}

const difference = (
  what: LaunchChange['what'],
  name: string,
  before: string | null,
  after: string | null,
): LaunchChange[] => (before === after ? [] : [{ what, name, before, after }]);

/** What a snapshot is made from: plain values of the instance (a satellite's blueprint and versions: its parent's). */
export interface LaunchFacts {
  readonly blueprint: string;
  /** Names the bytes of launch.sh. */
  readonly script: string;
  readonly settings: Readonly<Record<string, string | boolean | null>>;
  /** The environment of the command. */
  readonly env: Values;
  readonly memoryKills: number | null;
}

const versionVariable = /(^|_)VERSION$|^PYTORCH_INDEX_URL$|^TORCH_CUDA_ARCH_LIST$/;

/** The facts in the compact form that is kept with a run: only what is set, and of the environment only versions. */
export function launchSnapshotOf({ blueprint, script, settings, env, memoryKills }: LaunchFacts): LaunchSnapshot {
  const set = Object.entries(settings).filter(([, value]) => value !== null && value !== '' && value !== false);
  return {
    blueprint,
    script,
    settings: Object.fromEntries(set.map(([name, value]) => [name, value === true ? 'on' : String(value)])),
    versions: Object.fromEntries(Object.entries(env).filter(([name]) => versionVariable.test(name))),
    ...(memoryKills === null ? {} : { memory_kills: memoryKills }),
  };
}
