export * from './logs-panel';
