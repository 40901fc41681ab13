import type { Routes } from '@angular/router';
import { requireSession } from '@aikore/web/auth';
import { devRoutes } from './dev-routes';

export const routes: Routes = [
  {
    path: 'login',
    title: 'Log in · AiKore',
    loadComponent: () => import('./auth-pages').then(({ LoginPage }) => LoginPage),
  },
  {
    path: 'setup',
    title: 'Set up · AiKore',
    loadComponent: () => import('./auth-pages').then(({ SetupPage }) => SetupPage),
  },
  {
    path: '',
    pathMatch: 'full',
    title: 'AiKore',
    canActivate: [requireSession],
    loadComponent: () => import('./console/console.page').then(({ ConsolePage }) => ConsolePage),
  },
  ...devRoutes,
  { path: '**', redirectTo: '' },
];
