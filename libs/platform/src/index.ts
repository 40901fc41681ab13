export * from './clock/clock';
export * from './clock/system-clock';
export * from './files/files';
export * from './files/storage-error';
export * from './net/free-ports';
export * from './net/port-holder';
export * from './net/port-probe';
export * from './process/run-launcher';
