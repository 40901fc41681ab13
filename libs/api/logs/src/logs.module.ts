import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { InstanceEntity, RunEntity } from '@aikore/database';
import { FallocateHolePuncher, HolePuncher } from '@aikore/platform';
import { LogRetention } from './files/log-retention';
import { LogStarts } from './files/log-starts';
import { LogTail } from './files/log-tail';
import { RunLogs } from './files/run-logs';
import { LogsController } from './http/logs.controller';
import { LogHub } from './live/log-hub';
import { LogsGateway } from './live/logs.gateway';
import { LogSearcher } from './search/log-search';

/**
 * Logs of the runs: reading, live viewing, and their bounds. Needs `AppConfig`, `DataLayout` and `DomainEvents` from the
 * application's global providers; driven by `run.started` and `run.ended`.
 */
@Module({
  imports: [TypeOrmModule.forFeature([RunEntity, InstanceEntity])],
  controllers: [LogsController],
  providers: [
    RunLogs,
    LogStarts,
    LogTail,
    LogRetention,
    LogSearcher,
    { provide: HolePuncher, useClass: FallocateHolePuncher },
    LogHub,
    LogsGateway,
  ],
  exports: [LogTail, RunLogs],
})
export class LogsModule {}
