export * from './palette-harness';
export * from './pane-harness';
export * from './picker-harness';
export * from './split-harness';
export * from './status-chip-harness';
export * from './toast-outlet-harness';
