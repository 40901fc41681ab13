/** What a launch plan is made from: plain values, resolved paths. */
export interface LaunchInput {
  readonly instance: {
    readonly name: string;
    readonly slug: string;
    readonly base_blueprint: string;
    readonly gpu_ids: string | null;
    readonly python_version: string | null;
    readonly cuda_version: string | null;
    readonly torch_version: string | null;
  };
  /** The name a blueprint sees; a satellite's is its parent's. */
  readonly homeName: string;
  readonly paths: {
    /** Folder with launch.sh and the environment: a satellite's is its parent's. */
    readonly home: string;
    /** Folder in which the script runs. */
    readonly cwd: string;
    readonly script: string;
    readonly outputs: string;
    readonly temp: string;
    readonly models: string;
    readonly blueprintLib: string;
    readonly progressFile: string;
  };
  /** Private loopback port of the app. */
  readonly appPort: number;
  readonly inherited: Readonly<Record<string, string>>;
  /** Versions for whatever the instance does not choose itself (`versions.env`). */
  readonly defaults: Readonly<Record<string, string>>;
}

export interface LaunchPlan {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The command and environment of a run. The variables before `AIKORE_BIND_HOST` are those of the original, so that its users' own
 * blueprints run unchanged (blueprints/README.md).
 */
export function planLaunch({ instance, homeName, paths, appPort, inherited, defaults }: LaunchInput): LaunchPlan {
  const env: Record<string, string> = {
    ...inherited,
    ...defaults,
    WEBUI_PORT: String(appPort),
    INSTANCE_NAME: homeName,
    INSTANCE_CONF_DIR: paths.home,
    INSTANCE_OUTPUT_DIR: paths.outputs,
    BLUEPRINT_ID: instance.base_blueprint.replace(/\.sh$/, ''),
    SUBFOLDER: `/instance/${instance.slug}/`,
    TMPDIR: paths.temp,
    CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
    ...(instance.gpu_ids ? { CUDA_VISIBLE_DEVICES: instance.gpu_ids.replace(/\s+/g, '') } : {}),
    ...versionVariables(instance),
    // Apps bind to loopback: the proxy is the only way in (SECURITY: how an app is reached).
    AIKORE_BIND_HOST: '127.0.0.1',
    GRADIO_SERVER_NAME: '127.0.0.1',
    GRADIO_SERVER_PORT: String(appPort),
    GRADIO_ANALYTICS_ENABLED: 'False',
    STREAMLIT_SERVER_ADDRESS: '127.0.0.1',
    // Output goes to a file, where Python would keep lines back for minutes.
    PYTHONUNBUFFERED: '1',
    AIKORE_INSTANCE_NAME: instance.name,
    AIKORE_MODELS_DIR: paths.models,
    AIKORE_BLUEPRINT_LIB: paths.blueprintLib,
    AIKORE_PROGRESS_FILE: paths.progressFile,
  };
  return { argv: ['bash', paths.script], cwd: paths.cwd, env };
}

type Versions = Pick<LaunchInput['instance'], 'python_version' | 'cuda_version' | 'torch_version'>;

function versionVariables({ python_version, cuda_version, torch_version }: Versions): Record<string, string> {
  return {
    ...(python_version ? { PYTHON_VERSION: python_version } : {}),
    ...(cuda_version ? { CUDA_VERSION: cuda_version, PYTORCH_INDEX_URL: pytorchIndex(cuda_version) } : {}),
    ...(torch_version ? { TORCH_VERSION: torch_version } : {}),
  };
}

/** PyTorch's wheel index of a CUDA version: 12.8 → …/whl/cu128 (pytorch.org, "Get started"). */
export const pytorchIndex = (cuda: string): string => `https://download.pytorch.org/whl/cu${cuda.replace(/\./g, '')}`;

/** The text of `aikore_vars.env`, which blueprints source: values in single quotes, so nothing in them is run. */
export function variablesFile(versions: Versions): string {
  const lines = Object.entries(versionVariables(versions)).map(
    ([name, value]) => `export ${name}=${shellQuote(value)}`,
  );
  return ['# Written by AiKore at each start; changes are made in the console.', ...lines, ''].join('\n');
}

/** A word that a POSIX shell takes literally. */
export const shellQuote = (text: string): string => `'${text.replace(/'/g, `'\\''`)}'`;
