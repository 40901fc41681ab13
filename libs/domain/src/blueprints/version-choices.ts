import type { VersionChoices } from '@aikore/contract';

/** What `versions.env` names, as versions to propose: CUDA stands in the index of PyTorch's wheels (…/whl/cu130). */
export function versionChoicesOf(defaults: Readonly<Record<string, string>>): VersionChoices {
  const index = /\/cu(\d+)(\d)$/.exec(defaults['PYTORCH_INDEX_URL'] ?? '');
  const one = (...values: (string | undefined)[]): string[] => [
    ...new Set(values.filter((value) => value !== undefined)),
  ];
  return {
    python: one(defaults['PYTHON_VERSION']),
    cuda: one(defaults['CUDA_VERSION'], index ? `${index[1]}.${index[2]}` : undefined),
    torch: one(defaults['TORCH_VERSION']),
  };
}
