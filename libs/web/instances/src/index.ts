export * from './instances-panel';
