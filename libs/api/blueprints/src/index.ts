export * from './blueprint-catalogue';
export * from './blueprint-texts';
export * from './blueprints.controller';
export * from './blueprints.module';
export * from './script-bytes';
