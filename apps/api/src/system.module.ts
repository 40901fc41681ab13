import { type DynamicModule, Global, Module } from '@nestjs/common';
import { AppConfig, DataLayout, DomainEvents } from '@aikore/api/kernel';
import { Transactions } from '@aikore/database';
import {
  Clock,
  CommandRunner,
  Files,
  FreePorts,
  KernelMemoryKills,
  MemoryKills,
  NodeCommandRunner,
  NodeFiles,
  NodeFreePorts,
  NodePortProbe,
  NodePtyHost,
  PerlRunLauncher,
  PortHolder,
  PortProbe,
  PtyHost,
  ProcPortHolder,
  RunLauncher,
  SystemClock,
} from '@aikore/platform';
import type { DataSource } from 'typeorm';
import { product } from './product';

/** The real parts behind the abstract classes, for every module. */
@Global()
@Module({})
export class SystemModule {
  static with(config: AppConfig, dataSource: DataSource): DynamicModule {
    const provided = [
      { provide: AppConfig, useValue: config },
      { provide: DataLayout, useValue: new DataLayout(config.dataDir) },
      DomainEvents,
      { provide: Transactions, useValue: new Transactions(dataSource) },
      { provide: Clock, useClass: SystemClock },
      { provide: Files, useClass: NodeFiles },
      { provide: CommandRunner, useClass: NodeCommandRunner },
      { provide: FreePorts, useClass: NodeFreePorts },
      { provide: PortProbe, useClass: NodePortProbe },
      { provide: MemoryKills, useClass: KernelMemoryKills },
      { provide: PtyHost, useClass: NodePtyHost },
      { provide: PortHolder, useClass: ProcPortHolder },
      {
        provide: RunLauncher,
        useFactory: () => new PerlRunLauncher({ launcherPath: product.launcher, scope: config.dataDir }),
      },
    ];
    return {
      module: SystemModule,
      providers: provided,
      exports: provided.map((entry) => ('provide' in entry ? entry.provide : entry)),
    };
  }
}
