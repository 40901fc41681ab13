import { spawn } from 'node:child_process';

/** Shell programs, each in a process of its own. `$0` is the mark, so that it stands on every command line. */
const scripts = {
  // The middle process ends at once: the child belongs to init, or to whoever takes orphans in.
  'fork-child': 'setsid sh -c \'trap "" TERM HUP; while :; do sleep 60; done\' "$0" & exit 0',
  nohup: 'nohup sh -c \'while :; do sleep 60; done\' "$0" >/dev/null 2>&1 & exit 0',
  'fork-storm': `trap "" TERM HUP
    while :; do sh -c 'trap "" TERM; while :; do sleep 30; done' "$0" & sleep 0.02; done`,
};

/** Start what a badly behaved app leaves behind. */
export function startStrays(flags) {
  const env = flags['clear-env'] ? { PATH: process.env.PATH } : process.env;
  for (const [name, script] of Object.entries(scripts)) {
    if (!flags[name]) continue;
    spawn('sh', ['-c', script, String(flags.mark ?? name)], { env, stdio: 'ignore', detached: true, cwd: '/' }).unref();
  }
}
