import { join } from 'node:path';

/** Where everything is below the data folder. */
export class DataLayout {
  constructor(readonly root: string) {}

  readonly database = join(this.root, 'aikore.db');
  readonly backups = join(this.root, 'backups');
  readonly instances = join(this.root, 'instances');
  readonly outputs = join(this.root, 'outputs');
  readonly models = join(this.root, 'models');
  readonly customBlueprints = join(this.root, 'custom_blueprints');
  readonly trash = join(this.root, 'trashcan');
  readonly temp = join(this.root, 'tmp');
  readonly audit = join(this.root, 'audit.log');
  readonly setupUrl = join(this.root, 'setup-url');

  /** An instance's folder; `directory` is the column of that name, a single path part. */
  instance(directory: string): string {
    return join(this.instances, directory);
  }

  /** Logs of an instance's runs: `<run id>.log`. */
  logs(directory: string): string {
    return join(this.instance(directory), '.aikore', 'logs');
  }

  logFile(directory: string, runId: string): string {
    return join(this.logs(directory), `${runId}.log`);
  }

  /** Exit, start and progress files of an instance's runs. */
  runs(directory: string): string {
    return join(this.instance(directory), '.aikore', 'run');
  }

  progressFile(directory: string, runId: string): string {
    return join(this.runs(directory), `${runId}.progress`);
  }
}
