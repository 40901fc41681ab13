import { password as passwordSchema, username as usernameSchema } from '@aikore/contract';
import { AppConfig, AppError, ConfigError } from '@aikore/api/kernel';
import { Transactions, UserEntity } from '@aikore/database';
import type { Files } from '@aikore/platform';
import { Users } from '../credentials/users';
import { PasswordHasher } from '../passwords/password-hasher';
import { SetupToken } from './setup-token';

const alreadyDone = (): AppError =>
  new AppError('setup_done', 'The set-up is done already: log in with the name and password chosen there.');

const loginOff = (): AppError =>
  new AppError(
    'wrong_state',
    'The login is turned off (AIKORE_AUTH=none): there is nothing to set up. Start AiKore without that variable to set a password.',
  );

/** Makes the first admin: from the set-up page, or at boot from AIKORE_ADMIN_PASSWORD_FILE. */
export class FirstAdmin {
  constructor(
    private readonly config: AppConfig,
    private readonly users: Users,
    private readonly token: SetupToken,
    private readonly hasher: PasswordHasher,
    private readonly transactions: Transactions,
  ) {}

  /** Nobody can log in yet. */
  get pending(): boolean {
    return this.config.auth === 'local' && !this.users.hasAdmin;
  }

  /**
   * Called once at boot, before anything is served.
   *
   * @param files where AIKORE_ADMIN_PASSWORD_FILE is read
   * @throws ConfigError when AIKORE_ADMIN_PASSWORD_FILE is needed and cannot be used
   */
  async prepare(files: Files): Promise<void> {
    const { adminPasswordFile } = this.config;
    if (this.pending && adminPasswordFile !== null) await this.createFromFile(files, adminPasswordFile);
    if (this.pending) await this.token.renew();
    else await this.token.withdraw();
  }

  /**
   * The set-up page's request. The token and the admin change in one transaction: of two parallel set-ups one wins.
   *
   * @throws AppError setup_token_invalid, setup_done, wrong_state
   */
  async setUp(request: { token: string; username: string; password: string }): Promise<UserEntity> {
    if (this.config.auth === 'none') throw loginOff();
    if (!this.pending) throw alreadyDone();
    if (!this.token.matches(request.token)) {
      throw new AppError(
        'setup_token_invalid',
        'This set-up link is not valid any more. Open the one that the server printed at its last start.',
      );
    }
    const passwordHash = await this.hasher.hash(request.password);
    const user = await this.transactions.run(async (manager) => {
      if (!(await this.token.consume(request.token, manager))) throw alreadyDone();
      return manager.save(newAdmin(request.username, passwordHash));
    });
    this.users.remember(user);
    await this.token.consumed();
    return user;
  }

  private async createFromFile(files: Files, file: string): Promise<void> {
    const problem = (text: string): ConfigError => new ConfigError([`AIKORE_ADMIN_PASSWORD_FILE ${text}`]);
    const text = await files.readText(file).catch((error: unknown) => {
      throw problem(`cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    });
    if (text === null) throw problem(`names ${file}, which does not exist.`);
    const password = passwordSchema.safeParse(text.replace(/\r?\n$/, ''));
    if (!password.success) throw problem(`names ${file}: the password in it ${password.error.issues[0]?.message}.`);
    const username = usernameSchema.safeParse(this.config.adminUsername);
    if (!username.success) throw new ConfigError([`AIKORE_ADMIN_USERNAME ${username.error.issues[0]?.message}.`]);
    const passwordHash = await this.hasher.hash(password.data);
    const user = newAdmin(username.data, passwordHash);
    this.users.remember(await this.transactions.run((manager) => manager.save(user)));
  }
}

function newAdmin(username: string, passwordHash: string): UserEntity {
  return Object.assign(new UserEntity(), { username, password_hash: passwordHash, role: 'admin' });
}
