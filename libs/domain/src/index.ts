export * from './blueprints';
