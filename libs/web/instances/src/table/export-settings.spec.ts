import { createInstance, type Instance } from '@aikore/contract';
import { describe, expect, it } from 'vitest';
import { exportedSettings } from './export-settings';

describe('exported settings', () => {
  it('are a body that the server takes, with nothing of the instance but its settings', () => {
    const instance = {
      id: 7,
      status: 'error',
      name: 'Zeichen 😀 <b>',
      base_blueprint: 'ComfyUI.sh',
      gpu_ids: '0,1',
      output_path: null,
      persistent_mode: true,
      persistent_port: 19003,
      port: 5900,
      autostart: false,
      restart_policy: 'always',
      python_version: '3.12',
      cuda_version: null,
      torch_version: null,
      use_custom_hostname: false,
      hostname: null,
    } as unknown as Instance;
    const settings: unknown = JSON.parse(exportedSettings(instance));
    expect(createInstance.parse(settings)).toMatchObject({ name: 'Zeichen 😀 <b>', port: 19003 });
    expect(settings).not.toHaveProperty('id');
  });
});
