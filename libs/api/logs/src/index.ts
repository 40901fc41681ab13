export { LogTail } from './files/log-tail';
export { RunLogs, type RunLog } from './files/run-logs';
export { LogsModule } from './logs.module';
