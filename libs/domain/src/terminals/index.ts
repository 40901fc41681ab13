export * from './output-queries';
export * from './replay-log';
export * from './viewer-flow';
