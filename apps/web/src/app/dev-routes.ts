import type { Routes } from '@angular/router';

/** Routes of development builds only: dev-routes.gallery.ts takes this file's place there. */
export const devRoutes: Routes = [];
