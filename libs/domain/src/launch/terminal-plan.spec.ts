import { describe, expect, it } from 'vitest';
import { planTerminal } from './terminal-plan';

const input = {
  instance: {
    name: 'My App',
    slug: 'my-app',
    base_blueprint: 'ComfyUI.sh',
    gpu_ids: '1, 2',
    python_version: '3.12',
    cuda_version: null,
    torch_version: null,
  },
  homeName: 'Parent',
  paths: {
    home: '/d/instances/Parent',
    script: '/d/instances/Parent/launch.sh',
    outputs: '/d/outputs/My_App',
    temp: '/d/tmp',
    models: '/d/models',
    blueprintLib: '/b/lib',
  },
  environment: '/d/instances/Parent/env',
  inherited: { PATH: '/bin', TERM: 'dumb' },
  defaults: { TORCH_VERSION: '2.10.0' },
};

describe('planTerminal', () => {
  it('is what a run gets, in the folder with the environment', () => {
    const { cwd, env } = planTerminal({ ...input, appPort: 40_001 });
    expect(cwd).toBe('/d/instances/Parent');
    expect(env).toMatchObject({
      PATH: '/bin',
      WEBUI_PORT: '40001',
      INSTANCE_NAME: 'Parent',
      AIKORE_INSTANCE_NAME: 'My App',
      INSTANCE_CONF_DIR: '/d/instances/Parent',
      INSTANCE_OUTPUT_DIR: '/d/outputs/My_App',
      CUDA_VISIBLE_DEVICES: '1,2',
      PYTHON_VERSION: '3.12',
      TORCH_VERSION: '2.10.0',
      AIKORE_BIND_HOST: '127.0.0.1',
      AIKORE_ENVIRONMENT: '/d/instances/Parent/env',
      TERM: 'xterm-256color',
    });
    expect(env).not.toHaveProperty('AIKORE_PROGRESS_FILE');
    expect(env).not.toHaveProperty('PYTHONUNBUFFERED');
  });

  it('activates nothing for a blueprint without an environment', () => {
    const { env } = planTerminal({ ...input, appPort: null, environment: null });
    expect(env).not.toHaveProperty('AIKORE_ENVIRONMENT');
  });

  it('names no port while there is none', () => {
    const { env } = planTerminal({ ...input, appPort: null });
    expect(env).not.toHaveProperty('WEBUI_PORT');
    expect(env).not.toHaveProperty('GRADIO_SERVER_PORT');
  });
});
