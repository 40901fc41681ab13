// An entry of its own, `@aikore/api/kernel/config`: the start reads the configuration before it loads anything heavy.
export * from './app-config';
export * from './data-layout';
export * from './listen-addresses';
