import { Injectable, computed, inject } from '@angular/core';
import { BlueprintsStore, InstancesStore, VersionsStore } from '@aikore/web/data';
import { gpusOf } from './gpu-list';

const newestFirst = new Intl.Collator('en', { numeric: true });

/** What the cells of all rows have in common: computed once, not per row. */
@Injectable()
export class TableFacts {
  private readonly store = inject(InstancesStore);
  private readonly blueprints = inject(BlueprintsStore);
  private readonly versions = inject(VersionsStore);

  readonly gpus = computed<readonly number[]>(() => gpusOf(this.store.instances()), { equal: sameList });
  /** Versions to propose: those of the server, and what other instances have. */
  readonly choices = computed(() => {
    const { python, cuda, torch } = this.versions.versions();
    const list = this.store.instances();
    const merge = (field: 'python_version' | 'cuda_version' | 'torch_version', more: readonly string[]): string[] =>
      [...new Set([...more, ...list.map((item) => item[field] ?? '')])]
        .filter(Boolean)
        .sort((a, b) => newestFirst.compare(b, a));
    return {
      python_version: merge('python_version', python),
      cuda_version: merge('cuda_version', cuda),
      torch_version: merge('torch_version', torch),
    };
  });

  title(file: string): string {
    return file === '' ? '' : this.blueprints.title(file);
  }

  category(file: string): string {
    return this.blueprints.find(file)?.category ?? '';
  }

  /** The blueprint makes a Python environment, so that there are versions to choose. */
  hasEnvironment(file: string): boolean {
    return this.blueprints.find(file)?.venv_type !== 'none';
  }
}

const sameList = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((value, index) => value === b[index]);
