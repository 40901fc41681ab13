export * from './log-cap';
export * from './log-cursor';
export * from './log-lines';
