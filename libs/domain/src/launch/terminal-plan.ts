import { type LaunchInput, type LaunchPlan, planLaunch } from './launch-plan';

/** A shell instead of the blueprint: no progress to tell, and a port only while the instance has one. */
export type TerminalInput = Omit<LaunchInput, 'appPort' | 'paths'> & {
  readonly paths: Omit<LaunchInput['paths'], 'progressFile' | 'cwd'>;
  /** Private loopback port of the app; null before the first run. */
  readonly appPort: number | null;
  /** Where the blueprint's header says that the environment is, resolved; null: its app needs none. */
  readonly environment: string | null;
};

/** Only a run has these. */
const ofRuns = ['AIKORE_PROGRESS_FILE', 'PYTHONUNBUFFERED'] as const;
const ofPorts = ['WEBUI_PORT', 'GRADIO_SERVER_PORT'] as const;

/**
 * Folder and environment of a shell beside the runs of an instance: what a run gets, in the folder where launch.sh and
 * the environment are (a satellite's: its parent's). `AIKORE_ENVIRONMENT` tells the shell's start-up file what to activate.
 */
export function planTerminal({ paths, appPort, environment, ...rest }: TerminalInput): Omit<LaunchPlan, 'argv'> {
  const { env, cwd } = planLaunch({
    ...rest,
    paths: { ...paths, cwd: paths.home, progressFile: '' },
    appPort: appPort ?? 0,
  });
  const left: ReadonlySet<string> = new Set([...ofRuns, ...(appPort === null ? ofPorts : [])]);
  return {
    cwd,
    env: {
      ...Object.fromEntries(Object.entries(env).filter(([name]) => !left.has(name))),
      TERM: 'xterm-256color',
      COLORTERM: 'truecolor',
      ...(environment === null ? {} : { AIKORE_ENVIRONMENT: environment }),
    },
  };
}
