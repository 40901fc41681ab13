import {
  provideZonelessChangeDetection,
  provideBrowserGlobalErrorListeners,
  type ApplicationConfig,
} from '@angular/core';
import { MATERIAL_ANIMATIONS } from '@angular/material/core';
import { MAT_DIALOG_DEFAULT_OPTIONS } from '@angular/material/dialog';
import { provideRouter, withComponentInputBinding } from '@angular/router';
import { TOOLS } from '@aikore/web/data';
import { provideIcons } from '@aikore/web/ui';
import { routes } from './app.routes';
import { toolList } from './console/tools/tool-list';

export const appConfig: ApplicationConfig = {
  providers: [
    provideZonelessChangeDetection(),
    provideBrowserGlobalErrorListeners(),
    provideRouter(routes, withComponentInputBinding()),
    provideIcons(),
    { provide: TOOLS, useValue: toolList },
    { provide: MATERIAL_ANIMATIONS, useValue: { animationsDisabled: false } },
    { provide: MAT_DIALOG_DEFAULT_OPTIONS, useValue: { hasBackdrop: true, restoreFocus: true, autoFocus: 'dialog' } },
  ],
};
