import type { Routes } from '@angular/router';

export const devRoutes: Routes = [
  {
    path: 'gallery',
    title: 'Gallery · AiKore',
    loadComponent: () => import('./gallery/gallery.page').then(({ GalleryPage }) => GalleryPage),
  },
];
