export * from './adoption/list-notes';
export * from './data-dir-lock';
export * from './entities';
export * from './errors';
export type { PortRange } from './migration-context';
export * from './open-database';
export * from './to-run';
export * from './transactions';
