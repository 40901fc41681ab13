import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { SettingEntity } from '@aikore/database';
import { newSecret } from './secrets';

/** What this installation made for itself once: its id (part of the cookie names) and the key of the app cookies. */
export class InstallKeys {
  private constructor(
    readonly installId: string,
    readonly appCookieKey: string,
  ) {}

  static async load(dataSource: DataSource): Promise<InstallKeys> {
    const installId = await once(dataSource, 'install_id', () => randomBytes(5).toString('hex'));
    return new InstallKeys(installId, await once(dataSource, 'app_cookie_key', newSecret));
  }
}

async function once(dataSource: DataSource, key: string, make: () => string): Promise<string> {
  const settings = dataSource.getRepository(SettingEntity);
  const found = await settings.findOneBy({ key });
  if (found) return found.value;
  const value = make();
  await settings.insert({ key, value });
  return value;
}
