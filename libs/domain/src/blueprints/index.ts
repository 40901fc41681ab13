export * from './blueprint-header';
export * from './progress';
export * from './versions-env';
export * from './version-choices';
