import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { readEnvironment } from './procfs';

const ownerVariable = 'AIKORE_SERVER_ID';

/** Names a server among several on the machine, by its data folder: the same through links, another for a copy. */
export const serverIdOf = (dataDir: string): string =>
  createHash('sha256').update(realOf(dataDir)).digest('hex').slice(0, 16);

/**
 * The words in the environment by which the processes of a run are known. The run's id alone does not do: a copy of a
 * data folder, used by another server on the same machine, holds the same ids.
 */
export class RunMark {
  constructor(
    readonly runId: string,
    private readonly serverId: string,
  ) {}

  get environment(): Record<string, string> {
    return { AIKORE_RUN_ID: this.runId, [ownerVariable]: this.serverId };
  }

  /** True for a process of this run; one that names no server counts, one that names another does not. */
  async isOn(pid: number): Promise<boolean> {
    const environment = await readEnvironment(pid);
    const owner = environment.find((entry) => entry.startsWith(`${ownerVariable}=`));
    const isOurs = owner === undefined || owner === `${ownerVariable}=${this.serverId}`;
    return isOurs && environment.includes(`AIKORE_RUN_ID=${this.runId}`);
  }
}

const realOf = (path: string): string => {
  try {
    return realpathSync(path);
  } catch {
    return path; // not there yet
  }
};
