export * from './logs-panel';
export * from './welcome-panel';
