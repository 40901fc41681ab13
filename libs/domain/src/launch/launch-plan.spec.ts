import { describe, expect, it } from 'vitest';
import { planLaunch, shellQuote, variablesFile } from './launch-plan';

const paths = {
  home: '/d/instances/My_App',
  cwd: '/d/instances/My_App',
  script: '/d/instances/My_App/launch.sh',
  outputs: '/d/outputs/My_App',
  temp: '/d/tmp',
  models: '/d/models',
  blueprintLib: '/b/lib',
  progressFile: '/d/instances/My_App/.aikore/run/r1.progress',
};
const instance = {
  name: 'My App',
  slug: 'my-app',
  base_blueprint: 'ComfyUI.sh',
  gpu_ids: '0, 2',
  python_version: '3.12',
  cuda_version: '12.8',
  torch_version: null,
};

describe('planLaunch', () => {
  const plan = planLaunch({
    instance,
    homeName: 'My App',
    paths,
    appPort: 40001,
    inherited: { PATH: '/bin' },
    defaults: { TORCH_VERSION: '2.10.0', PYTORCH_INDEX_URL: 'https://example.org/cu130' },
  });

  it('gives a blueprint the variables of the original', () => {
    expect(plan.env).toMatchObject({
      PATH: '/bin',
      WEBUI_PORT: '40001',
      INSTANCE_NAME: 'My App',
      INSTANCE_CONF_DIR: '/d/instances/My_App',
      INSTANCE_OUTPUT_DIR: '/d/outputs/My_App',
      BLUEPRINT_ID: 'ComfyUI',
      SUBFOLDER: '/instance/my-app/',
      TMPDIR: '/d/tmp',
      CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
      CUDA_VISIBLE_DEVICES: '0,2',
      PYTHON_VERSION: '3.12',
      CUDA_VERSION: '12.8',
      PYTORCH_INDEX_URL: 'https://download.pytorch.org/whl/cu128',
    });
    expect(plan.env['TORCH_VERSION']).toBe('2.10.0');
  });

  it('runs the script by argv, never through a shell string', () => {
    expect(plan.argv).toEqual(['bash', '/d/instances/My_App/launch.sh']);
  });

  it('leaves the GPU pin out when none is chosen', () => {
    const { env } = planLaunch({
      instance: { ...instance, gpu_ids: '' },
      homeName: 'x',
      paths,
      appPort: 1,
      inherited: {},
      defaults: {},
    });
    expect(env).not.toHaveProperty('CUDA_VISIBLE_DEVICES');
  });
});

describe('variablesFile', () => {
  it('quotes whatever an old database holds', () => {
    const text = variablesFile({ python_version: `3.12"; touch x; '$(id)`, cuda_version: null, torch_version: null });
    expect(text).toContain(`export PYTHON_VERSION='3.12"; touch x; '\\''$(id)'`);
  });

  it('leaves unset versions out', () => {
    expect(variablesFile({ python_version: null, cuda_version: '', torch_version: null })).not.toContain('export');
  });
});

it('shellQuote survives quotes', () => expect(shellQuote(`a'b`)).toBe(`'a'\\''b'`));
