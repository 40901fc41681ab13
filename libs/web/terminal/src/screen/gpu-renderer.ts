import { WebglAddon } from '@xterm/addon-webgl';
import type { Terminal } from '@xterm/xterm';
import { allowCellColours, withNonce } from './strict-styles';

/**
 * Draws a terminal with WebGL while it is seen; a page has few contexts for that. Without it, and from the moment a
 * context is lost, xterm draws by the DOM.
 */
export class GpuRenderer {
  private addon: WebglAddon | null = null;
  private broken = false;

  constructor(
    private readonly terminal: Terminal,
    private readonly nonce: string | null,
  ) {}

  start(): void {
    if (this.addon || this.broken) return;
    const addon = new WebglAddon();
    try {
      addon.onContextLoss(() => this.giveUp());
      withNonce(this.nonce, () => this.terminal.loadAddon(addon));
      this.addon = addon;
    } catch {
      this.addon = addon;
      this.giveUp();
    }
  }

  /** Back to the DOM. */
  stop(): void {
    if (!this.addon) return;
    withNonce(this.nonce, () => this.addon?.dispose());
    this.addon = null;
    allowCellColours(this.terminal);
  }

  private giveUp(): void {
    this.broken = true;
    this.stop();
  }
}
