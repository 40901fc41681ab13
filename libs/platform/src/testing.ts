export * from './clock/fake-clock';
export * from './memory/fake-memory-kills';
export * from './net/fake-free-ports';
export * from './net/fake-port-holder';
export * from './net/fake-port-probe';
export * from './process/fake-command-runner';
export * from './process/fake-run-launcher';
export * from './files/fake-files';
