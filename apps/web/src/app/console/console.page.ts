import { ChangeDetectionStrategy, Component } from '@angular/core';
@Component({ selector: 'ak-console-page', template: 'console', changeDetection: ChangeDetectionStrategy.OnPush })
export class ConsolePage {}
