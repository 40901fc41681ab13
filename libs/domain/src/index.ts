export * from './blueprints';
export * from './launch/launch-plan';
export * from './lifecycle/lifecycle';
export * from './lifecycle/restart-policy';
export * from './ports/port-plan';
