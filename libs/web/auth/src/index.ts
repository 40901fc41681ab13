export * from './guards';
export * from './login-page';
export * from './session-dialog';
export * from './setup-page';
