export * from './logs-panel';
export * from './view-panel';
export * from './runs/run-history';
