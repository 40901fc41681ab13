import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import type { PortRange } from '@aikore/domain';
import { z } from 'zod';
import { isLoopback } from '../http/host-names';

/** A number within bounds, both included; one sentence for everything else. */
const number = (kind: 'whole' | 'decimal', min: number, max: number) =>
  z
    .string()
    .transform((text) => ((kind === 'whole' ? /^\d+$/ : /^\d+(\.\d+)?$/).test(text.trim()) ? Number(text) : NaN))
    .refine(
      (value) => value >= min && value <= max,
      `must be a ${kind === 'whole' ? 'whole ' : ''}number from ${min} to ${max}`,
    );
const oneOf = <const Values extends readonly string[]>(values: Values) =>
  z.enum(values, `must be one of: ${values.join(', ')}`);

const switchText = oneOf(['0', '1', 'true', 'false', 'yes', 'no']).transform(
  (text) => text === '1' || text === 'true' || text === 'yes',
);
const hostNames = z
  .string()
  .transform((text) =>
    text
      .split(/[\s,]+/)
      .filter(Boolean)
      .map((name) => name.toLowerCase()),
  )
  .refine(
    (names) => names.every((name) => /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/.test(name)),
    'must be host names such as box.example.org, without scheme, port or path',
  );

/** `19001-19020`: first and last public port, both published by Docker. */
const portRange = z
  .string()
  .regex(/^\s*\d{1,5}\s*-\s*\d{1,5}\s*$/, 'must look like 19001-19020')
  .transform((text) => {
    const [from = 0, to = 0] = text.split('-').map(Number);
    return { from, to };
  })
  .refine(({ from, to }) => from >= 1024 && to <= 65535, 'must lie between 1024 and 65535')
  .refine(({ from, to }) => from <= to, 'must name the lower port first')
  .refine(({ from, to }) => to - from < 1000, 'must hold at most 1000 ports');

/** Every variable that the server reads; the table in README.md is checked against it. */
export const environmentSchema = z.object({
  AIKORE_DATA_DIR: z
    .string()
    .min(1)
    .default('./data')
    .describe('Folder of the database, the instances and everything else'),
  AIKORE_HOST: z.string().min(1).default('127.0.0.1').describe('Address that the console listens on'),
  AIKORE_PORT: number('whole', 0, 65535).default(9000).describe('Port of the console'),
  AIKORE_INSTANCE_PORT_RANGE: portRange
    .default({ from: 19001, to: 19020 })
    .describe('Public ports for the apps, first-last'),
  AIKORE_BLUEPRINTS_DIR: z.string().min(1).optional().describe('Folder of the stock blueprints'),
  AIKORE_ADMIN_PASSWORD_FILE: z
    .string()
    .min(1)
    .optional()
    .describe("File with the first admin's password, for a set-up without a browser"),
  AIKORE_ADMIN_USERNAME: z
    .string()
    .min(1)
    .default('admin')
    .describe('Name of the admin made from AIKORE_ADMIN_PASSWORD_FILE'),
  AIKORE_PROXY: oneOf(['embedded']).default('embedded').describe('Reverse proxy in front of the apps'),
  AIKORE_AUTH: oneOf(['local', 'none'])
    .default('local')
    .describe('`none` turns the login off; refused on a non-loopback address'),
  AIKORE_I_KNOW_THAT_ANYONE_WHO_REACHES_THIS_PORT_CAN_RUN_CODE: switchText
    .default(false)
    .describe('Allows AIKORE_AUTH=none on a non-loopback address'),
  AIKORE_ALLOWED_HOSTS: hostNames
    .default([])
    .describe('Further host names under which the console may be reached, separated by commas'),
  AIKORE_LOG_RUN_MAX_MB: number('whole', 1, 1_000_000).default(256).describe('Log kept of one run, in MiB'),
  AIKORE_LOG_RUNS_KEPT: number('whole', 1, 1000).default(20).describe('Runs whose logs are kept, per instance'),
  AIKORE_STOP_GRACE_SECONDS: number('decimal', 0, 600)
    .default(10)
    .describe('Time between TERM and KILL when an instance is stopped'),
});

/** The server's configuration, parsed once at start. Injected by this class. */
export class AppConfig {
  readonly dataDir!: string;
  readonly host!: string;
  readonly port!: number;
  readonly portRange!: PortRange;
  readonly blueprintsDir!: string;
  readonly adminPasswordFile!: string | null;
  readonly adminUsername!: string;
  readonly auth!: 'local' | 'none';
  /** Lower-case names that may stand in a Host header, beside IP literals and `*.localhost`. */
  readonly allowedHosts!: readonly string[];
  readonly logRunMaxBytes!: number;
  readonly logRunsKept!: number;
  readonly stopGraceMs!: number;
  /** Default versions for blueprints, `versions.env`. */
  readonly versionsFile!: string;
  readonly version!: string;
  /** What an instance may inherit from the server's environment (never all of it: secrets stay here). */
  readonly inheritedEnvironment!: Readonly<Record<string, string>>;

  constructor(values: AppConfig) {
    Object.assign(this, values);
  }
}

/** Thrown with every problem of the environment at once. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The configuration cannot be used:\n${problems.map((line) => `  - ${line}`).join('\n')}`);
  }
}

/** Variables an app may need from the outside; everything else of the server's environment is kept from it. */
const inherited =
  /^(HOME|PATH|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_.*|TZ|TERM|LD_LIBRARY_PATH|CUDA_HOME|CUDA_PATH|NVIDIA_.*|(https?|no|all|ftp)_proxy|(HTTPS?|NO|ALL|FTP)_PROXY|SSL_CERT_.*|REQUESTS_CA_BUNDLE|NODE_EXTRA_CA_CERTS|NPM_CONFIG_.*|npm_config_(registry|cache|userconfig|nodedir)|PIP_.*|CONDA_.*|MAMBA_.*|HF_.*)$/;

/** Values that are fine by themselves but not together. */
function contradictions(values: z.output<typeof environmentSchema>): string[] {
  const problems: string[] = [];
  const { from, to } = values.AIKORE_INSTANCE_PORT_RANGE;
  if (values.AIKORE_PORT >= from && values.AIKORE_PORT <= to) {
    problems.push(
      `AIKORE_PORT ${values.AIKORE_PORT} lies in AIKORE_INSTANCE_PORT_RANGE ${from}-${to}, which belongs to the apps. Move one of them.`,
    );
  }
  if (
    values.AIKORE_AUTH === 'none' &&
    !isLoopback(values.AIKORE_HOST) &&
    !values.AIKORE_I_KNOW_THAT_ANYONE_WHO_REACHES_THIS_PORT_CAN_RUN_CODE
  ) {
    problems.push(
      `AIKORE_AUTH=none is refused on ${values.AIKORE_HOST}: anyone who reaches it could run programs here. Listen on 127.0.0.1, or set AIKORE_I_KNOW_THAT_ANYONE_WHO_REACHES_THIS_PORT_CAN_RUN_CODE=1`,
    );
  }
  return problems;
}

/** The variable, what it must be, and what it was. A value is quoted only as far as a line holds it. */
function sentenceOf(issue: z.core.$ZodIssue, env: Readonly<Record<string, string | undefined>>): string {
  const name = String(issue.path[0]);
  return `${name} ${issue.message}, not ${JSON.stringify(env[name]?.slice(0, 60))}`;
}

/**
 * Parse the environment.
 *
 * @param env   usually `process.env`
 * @param paths where the product's own files are: `blueprints` (default of AIKORE_BLUEPRINTS_DIR), and its version
 * @throws ConfigError naming every variable that cannot be used
 */
export function loadConfig(
  env: Readonly<Record<string, string | undefined>>,
  product: { blueprintsDir: string; version: string },
): AppConfig {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = environmentSchema.safeParse(present);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => sentenceOf(issue, present)));
  }
  const values = parsed.data;
  const problems = contradictions(values);
  if (problems.length > 0) throw new ConfigError(problems);
  return new AppConfig({
    dataDir: resolve(values.AIKORE_DATA_DIR),
    host: values.AIKORE_HOST,
    port: values.AIKORE_PORT,
    portRange: values.AIKORE_INSTANCE_PORT_RANGE,
    blueprintsDir: resolve(values.AIKORE_BLUEPRINTS_DIR ?? product.blueprintsDir),
    adminPasswordFile: values.AIKORE_ADMIN_PASSWORD_FILE ?? null,
    adminUsername: values.AIKORE_ADMIN_USERNAME,
    auth: values.AIKORE_AUTH,
    allowedHosts: [hostname().toLowerCase(), values.AIKORE_HOST.toLowerCase(), ...values.AIKORE_ALLOWED_HOSTS],
    logRunMaxBytes: values.AIKORE_LOG_RUN_MAX_MB * 1024 * 1024,
    logRunsKept: values.AIKORE_LOG_RUNS_KEPT,
    stopGraceMs: values.AIKORE_STOP_GRACE_SECONDS * 1000,
    versionsFile: join(product.blueprintsDir, '..', 'versions.env'),
    version: product.version,
    inheritedEnvironment: Object.fromEntries(
      Object.entries(env).filter(
        (entry): entry is [string, string] => entry[1] !== undefined && inherited.test(entry[0]),
      ),
    ),
  });
}
