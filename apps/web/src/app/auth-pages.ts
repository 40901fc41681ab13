// A file of its own, so that these pages become a lazily loaded bundle.
export { LoginPage, SessionDialog, SetupPage } from '@aikore/web/auth';
