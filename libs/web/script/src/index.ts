export * from './script-panel';
