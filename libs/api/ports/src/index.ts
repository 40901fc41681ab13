export * from './port-allocator';
export * from './ports.module';
