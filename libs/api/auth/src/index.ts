export { AuditLog } from './audit/audit-log';
export { AuthModule } from './auth.module';
export { gateMiddleware } from './gate/gate.middleware';
export { SetupToken } from './setup/setup-token';
