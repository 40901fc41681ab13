export * from './guards';
export * from './login-page';
export * from './setup-page';
