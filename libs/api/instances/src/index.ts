export { InstanceShells } from './instance-shells';
export { ExposureWatch } from './exposure-watch';
export * from './instances.module';
export { InstanceBoot } from './supervisor/boot';
