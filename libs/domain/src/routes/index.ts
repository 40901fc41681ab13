export * from './app-route';
export * from './match-request';
export * from './plan-listeners';
