export * from './logs-panel';
export * from './view-panel';
