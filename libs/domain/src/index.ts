export * from './blueprints';
export * from './launch/launch-plan';
export * from './lifecycle/lifecycle';
export * from './lifecycle/restart-policy';
export * from './logs';
export * from './names/derive-names';
export * from './ports/port-plan';
export * from './routes';
