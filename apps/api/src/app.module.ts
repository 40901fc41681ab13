import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule } from '@aikore/api/auth';
import { BlueprintsModule } from '@aikore/api/blueprints';
import { InstancesModule, InstanceShells } from '@aikore/api/instances';
import { AccessGuard, type AppConfig, HttpErrorFilter } from '@aikore/api/kernel';
import { LogsModule } from '@aikore/api/logs';
import { PortsModule } from '@aikore/api/ports';
import { ProxyModule } from '@aikore/api/proxy';
import { TerminalsModule } from '@aikore/api/terminals';
import type { DataSource } from 'typeorm';
import { AdoptionNotesController } from './adoption-notes.controller';
import { HealthController } from './health.controller';
import { SystemModule } from './system.module';

@Module({})
export class AppModule {
  static with(config: AppConfig, dataSource: DataSource): DynamicModule {
    return {
      module: AppModule,
      imports: [
        SystemModule.with(config, dataSource),
        TypeOrmModule.forRootAsync({
          useFactory: () => ({ type: 'sqlite', database: config.dataDir }),
          // The database was opened, checked and migrated before Nest starts.
          dataSourceFactory: () => Promise.resolve(dataSource),
        }),
        AuthModule,
        BlueprintsModule,
        PortsModule,
        ProxyModule,
        LogsModule,
        InstancesModule,
        TerminalsModule.with(InstancesModule, InstanceShells),
      ],
      controllers: [HealthController, AdoptionNotesController],
      providers: [
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_FILTER, useClass: HttpErrorFilter },
      ],
    };
  }
}
