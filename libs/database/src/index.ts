export * from './adoption/list-notes';
export * from './data-dir-lock';
export * from './entities';
export * from './errors';
export * from './open-database';
export * from './to-run';
export * from './transactions';
