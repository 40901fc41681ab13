import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from './app-config';

const product = { blueprintsDir: '/opt/aikore/blueprints', version: '1.2.3' };
const load = (env: Record<string, string | undefined>) => loadConfig(env, product);
const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    load(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

describe('loadConfig', () => {
  it('has defaults for everything', () => {
    const config = load({ AIKORE_PORT: '', AIKORE_HOST: undefined });
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 9000,
      portRange: { from: 19001, to: 19020 },
      blueprintsDir: '/opt/aikore/blueprints',
      adminPasswordFile: null,
      auth: 'local',
      logRunMaxBytes: 256 * 1024 * 1024,
      stopGraceMs: 10_000,
      version: '1.2.3',
    });
    expect(config.dataDir).toMatch(/^\/.*\/data$/);
    expect(config.allowedHosts).toEqual([hostname().toLowerCase(), '127.0.0.1']);
  });

  it('reads what is set', () => {
    const config = load({
      AIKORE_DATA_DIR: '/srv/ai',
      AIKORE_PORT: '80',
      AIKORE_INSTANCE_PORT_RANGE: ' 20000 - 20009 ',
      AIKORE_ALLOWED_HOSTS: 'Box.example.org, gpu_1',
      AIKORE_STOP_GRACE_SECONDS: '0.5',
    });
    expect(config).toMatchObject({
      dataDir: '/srv/ai',
      port: 80,
      portRange: { from: 20000, to: 20009 },
      stopGraceMs: 500,
    });
    expect(config.allowedHosts.slice(2)).toEqual(['box.example.org', 'gpu_1']);
  });

  it('names every problem at once', () => {
    const problems = problemsOf({
      AIKORE_PORT: '70000',
      AIKORE_INSTANCE_PORT_RANGE: '19020-19001',
      AIKORE_AUTH: 'off',
      AIKORE_LOG_RUNS_KEPT: 'many',
      AIKORE_ALLOWED_HOSTS: 'https://box.example',
    });
    expect(problems.map((line) => line.split(' ')[0])).toEqual([
      'AIKORE_PORT',
      'AIKORE_INSTANCE_PORT_RANGE',
      'AIKORE_AUTH',
      'AIKORE_ALLOWED_HOSTS',
      'AIKORE_LOG_RUNS_KEPT',
    ]);
    expect(problems[0]).toBe('AIKORE_PORT must be a whole number from 0 to 65535, not "70000"');
    expect(problems[2]).toBe('AIKORE_AUTH must be one of: local, none, not "off"');
    expect(new ConfigError(problems).message.split('\n')).toHaveLength(6);
  });

  it.each(['', ' ', 'x', '1.5', '-1', '1e99', 'NaN', 'Infinity', '0x'])('says what a port must be, for %j', (value) => {
    const problems = problemsOf({ AIKORE_PORT: value });
    if (value === '') expect(problems).toEqual([]);
    else expect(problems).toEqual([`AIKORE_PORT must be a whole number from 0 to 65535, not ${JSON.stringify(value)}`]);
  });

  it.each(['nonsense', '19001', '19001-', '-5', '80-90', '19001-70000', '19020-19001', '19001-20500', '1-2-3'])(
    'refuses the port range %j',
    (range) => expect(problemsOf({ AIKORE_INSTANCE_PORT_RANGE: range })[0]).toMatch(/^AIKORE_INSTANCE_PORT_RANGE must/),
  );

  it('refuses a console port inside the range, and AIKORE_AUTH=none where others reach it', () => {
    const problems = problemsOf({ AIKORE_PORT: '19005', AIKORE_AUTH: 'none', AIKORE_HOST: '0.0.0.0' });
    expect(problems).toHaveLength(2);
    expect(problemsOf({ AIKORE_AUTH: 'none' })).toEqual([]);
    const loudly = { AIKORE_I_KNOW_THAT_ANYONE_WHO_REACHES_THIS_PORT_CAN_RUN_CODE: '1' };
    expect(problemsOf({ AIKORE_AUTH: 'none', AIKORE_HOST: '0.0.0.0', ...loudly })).toEqual([]);
  });

  it('hands instances no secret of the server', () => {
    const env = { PATH: '/bin', HOME: '/root', HTTPS_PROXY: 'x', AIKORE_ADMIN_PASSWORD_FILE: '/p', AWS_SECRET: 's' };
    expect(load(env).inheritedEnvironment).toEqual({ PATH: '/bin', HOME: '/root', HTTPS_PROXY: 'x' });
  });
});
