export * from './instances.module';
export { InstanceBoot } from './supervisor/boot';
