import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { BlueprintsModule } from '@aikore/api/blueprints';
import { LogsModule } from '@aikore/api/logs';
import { PortsModule } from '@aikore/api/ports';
import { ProxyModule } from '@aikore/api/proxy';
import { InstanceEntity, RunEntity } from '@aikore/database';
import { ExposureWatch } from './exposure-watch';
import { InstanceEditor } from './instance-editor';
import { InstanceRemover } from './instance-remover';
import { InstanceShells } from './instance-shells';
import { InstanceService } from './instance-service';
import { InstanceStore } from './instance-store';
import { InstanceWaiter } from './instance-waiter';
import { InstancesController } from './instances.controller';
import { InstancesGateway } from './instances.gateway';
import { LaunchHistory } from './launch-history';
import { OrderedInstances } from './ordered-instances';
import { RoutePublisher } from './route-publisher';
import { InstanceScripts } from './script/instance-scripts';
import { ScriptChecker } from './script/script-checker';
import { ScriptFile } from './script/script-file';
import { ScriptsController } from './script/scripts.controller';
import { AppPort } from './supervisor/app-port';
import { InstanceBoot } from './supervisor/boot';
import { Deliveries } from './supervisor/deliveries';
import { InstanceLifecycle } from './supervisor/instance-lifecycle';
import { LaunchSettings } from './supervisor/launch-settings';
import { Provisioner } from './supervisor/provisioner';
import { Retries } from './supervisor/retries';
import { RunFollower } from './supervisor/run-follower';
import { RunSpawner } from './supervisor/run-spawner';
import { RunStarter } from './supervisor/run-starter';
import { StatusReasons } from './supervisor/status-reasons';
import { Supervisor } from './supervisor/supervisor';
import { TreeSweeper } from './supervisor/tree-sweeper';
import { TableController } from './table.controller';

@Module({
  imports: [
    TypeOrmModule.forFeature([InstanceEntity, RunEntity]),
    BlueprintsModule,
    LogsModule,
    PortsModule,
    ProxyModule,
  ],
  controllers: [InstancesController, ScriptsController, TableController],
  providers: [
    AppPort,
    Deliveries,
    ExposureWatch,
    InstanceBoot,
    InstanceEditor,
    InstanceLifecycle,
    InstanceRemover,
    InstanceScripts,
    InstanceService,
    InstanceShells,
    InstanceStore,
    InstanceWaiter,
    InstancesGateway,
    LaunchHistory,
    LaunchSettings,
    OrderedInstances,
    Provisioner,
    Retries,
    RoutePublisher,
    RunFollower,
    RunSpawner,
    RunStarter,
    ScriptChecker,
    ScriptFile,
    StatusReasons,
    Supervisor,
    TreeSweeper,
  ],
  exports: [ExposureWatch, InstanceBoot, InstanceShells],
})
export class InstancesModule implements OnApplicationShutdown {
  constructor(private readonly supervisor: Supervisor) {}

  /** Instances go on running; only the watching ends. */
  async onApplicationShutdown(): Promise<void> {
    await this.supervisor.close();
  }
}
