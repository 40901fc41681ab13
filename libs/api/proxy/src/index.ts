export * from './app-routes';
export * from './front-door';
export * from './proxy.module';
