import type { Instance } from '@aikore/contract';

/** The settings of an instance as a file that a person can keep, compare, or create another one from. */
export function exportedSettings(instance: Instance): string {
  const settings = {
    name: instance.name,
    base_blueprint: instance.base_blueprint,
    gpu_ids: instance.gpu_ids,
    output_path: instance.output_path,
    persistent_mode: instance.persistent_mode,
    autostart: instance.autostart,
    restart_policy: instance.restart_policy,
    python_version: instance.python_version,
    cuda_version: instance.cuda_version,
    torch_version: instance.torch_version,
    use_custom_hostname: instance.use_custom_hostname,
    hostname: instance.hostname,
    port: instance.persistent_mode ? instance.persistent_port : instance.port,
  };
  return JSON.stringify(settings, null, 2) + '\n';
}

/** Has the browser save a text. */
export function saveAsFile(name: string, text: string, type = 'application/json'): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
