import { Logger } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { type AppConfig, consoleOrigin, type DataLayout } from '@aikore/api/kernel';
import { SettingEntity } from '@aikore/database';
import type { Files } from '@aikore/platform';
import { hashSecret, newSecret, sameText } from '../credentials/secrets';

const key = 'setup_token_hash';

/**
 * The one-time token of the first set-up: new at each boot until there is an admin, only its hash in the database.
 * The person who starts the server sees it, nobody else: in the URL that is printed, and in a 0600 file.
 */
export class SetupToken {
  private readonly logger = new Logger('Setup');
  private token: string | null = null;

  constructor(
    private readonly dataSource: DataSource,
    private readonly files: Files,
    private readonly config: AppConfig,
    private readonly layout: DataLayout,
  ) {}

  /** Make a new token; the one of an earlier boot is void. */
  async renew(): Promise<void> {
    const token = newSecret();
    await this.dataSource.getRepository(SettingEntity).save({ key, value: hashSecret(token) });
    this.token = token;
  }

  /** There is an admin: leave neither token nor file behind. */
  async withdraw(): Promise<void> {
    this.token = null;
    await this.dataSource.getRepository(SettingEntity).delete({ key });
    await this.removeFile();
  }

  matches(token: string): boolean {
    return this.token !== null && sameText(token, this.token);
  }

  /** Use the token up, in the transaction that makes the admin. False: somebody else did. */
  async consume(token: string, manager: EntityManager): Promise<boolean> {
    const { affected } = await manager.getRepository(SettingEntity).delete({ key, value: hashSecret(token) });
    return affected === 1;
  }

  /** To be called once the transaction is committed. */
  async consumed(): Promise<void> {
    this.token = null;
    await this.removeFile();
  }

  /**
   * Write the set-up URL to its file (0600), for `aikore setup-url`. The token is in the fragment: browsers send that
   * to no server, so it is in no log.
   *
   * @param port the port that the console listens on, when the configured one is 0
   * @returns the URL to print, or null when there is an admin
   */
  async announce(port = this.config.port): Promise<string | null> {
    if (this.token === null) return null;
    const url = `${consoleOrigin(this.config, port)}/setup#token=${this.token}`;
    await this.files.writeFileAtomic(this.layout.setupUrl, `${url}\n`, { mode: 0o600 });
    return url;
  }

  /** A file that stays behind holds a void token: no reason to fail. */
  private async removeFile(): Promise<void> {
    try {
      await this.files.removeTree(this.layout.setupUrl);
    } catch (error) {
      this.logger.warn(`${this.layout.setupUrl} could not be removed: ${String(error)}`);
    }
  }
}
