import { type AppConfig, ConfigError, loadConfig } from '@aikore/api/kernel/config';
import { product } from './product';

/** The configuration; null when it cannot be used, which was told on stderr then. */
export function readConfig(): AppConfig | null {
  try {
    // eslint-disable-next-line no-restricted-properties -- the one place where the environment enters
    return loadConfig(process.env, product);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return null;
  }
}
