export * from './app-route';
export * from './framing';
export * from './match-request';
export * from './plan-listeners';
