export * from './blueprint-catalogue';
export * from './blueprints.controller';
export * from './blueprints.module';
