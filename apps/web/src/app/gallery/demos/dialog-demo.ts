import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { Ask, type Question } from '@aikore/web/ui';

@Component({
  selector: 'ak-dialog-demo',
  template: `
    <button type="button" class="ak-tool" (click)="ask(plain)">A question</button>
    <button type="button" class="ak-tool" (click)="ask(dangerous)">A dangerous one, with details</button>
    <p class="ak-dim">Answer: {{ answer() }}</p>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class DialogDemo {
  private readonly asker = inject(Ask);
  protected readonly answer = signal('none yet');
  protected readonly plain: Question = {
    title: 'Restart now?',
    message: 'ComfyUI stops and starts again.',
    confirm: 'Restart',
  };
  protected readonly dangerous: Question = {
    title: 'Empty the trash?',
    message: 'These are gone for good:',
    details: ['ComfyUI old, 14.2 GiB', 'Forge, 9.8 GiB'],
    confirm: 'Empty it',
    dangerous: true,
  };

  protected async ask(question: Question): Promise<void> {
    this.answer.set((await this.asker.confirm(question)) ? 'yes' : 'no');
  }
}
