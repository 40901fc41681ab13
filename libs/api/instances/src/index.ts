export { InstanceShells } from './instance-shells';
export * from './instances.module';
export { InstanceBoot } from './supervisor/boot';
