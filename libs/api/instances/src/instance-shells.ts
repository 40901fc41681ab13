import { resolve } from 'node:path';
import { Injectable } from '@nestjs/common';
import { AppError } from '@aikore/api/kernel';
import { ShellPlaces, type ShellPlan } from '@aikore/api/terminals';
import { planTerminal } from '@aikore/domain';
import { InstanceStore } from './instance-store';
import { LaunchSettings } from './supervisor/launch-settings';
import { Provisioner } from './supervisor/provisioner';

/** Where the shells of instances start: as their runs do. */
@Injectable()
export class InstanceShells extends ShellPlaces {
  constructor(
    private readonly store: InstanceStore,
    private readonly provisioner: Provisioner,
    private readonly settings: LaunchSettings,
  ) {
    super();
  }

  /**
   * The folder is made when it is not there, as at the first start.
   *
   * @throws AppError `not_found`, `wrong_state`, `blueprint_unusable`; StorageError or PathEscapeError
   */
  override async plan(instanceId: number): Promise<ShellPlan> {
    const row = await this.store.row(instanceId);
    if (row.pending_delete) throw new AppError('wrong_state', `"${row.name}" is being deleted.`);
    const parent = row.parent_instance_id === null ? null : await this.store.row(row.parent_instance_id);
    const provisioned = await this.provisioner.provision(row, parent);
    const settings = await this.settings.of(row, parent ?? row, provisioned);
    const { venv_type, venv_path } = provisioned.header;
    return planTerminal({
      ...settings,
      appPort: row.app_port,
      environment: venv_type === 'none' ? null : resolve(provisioned.home, venv_path),
    });
  }
}
