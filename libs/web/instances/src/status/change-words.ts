import type { LaunchChange } from '@aikore/contract';

const settings: Readonly<Record<string, string>> = {
  gpu_ids: 'GPUs',
  output_path: 'Output path',
  persistent_mode: 'Persistent UI',
  slug: 'Address',
};
const unset: Readonly<Record<string, string>> = { gpu_ids: 'all', output_path: 'as the name', persistent_mode: 'off' };

/** One difference between two starts, for a person: `GPUs: 0 → all`. */
export function changeWords({ what, name, before, after }: LaunchChange): string {
  if (what === 'script') return 'The script (launch.sh) was changed';
  if (what === 'blueprint') return `Blueprint: ${before ?? 'none'} → ${after ?? 'none'}`;
  const label = what === 'setting' ? (settings[name] ?? name) : name;
  const value = (text: string | null): string => text ?? unset[name] ?? 'auto';
  return `${label}: ${value(before)} → ${value(after)}`;
}
