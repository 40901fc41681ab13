import { WebglAddon } from '@xterm/addon-webgl';
import type { Terminal } from '@xterm/xterm';

/**
 * Draws a terminal with WebGL while it is seen; a page has few contexts for that. Without it, and from the moment a
 * context is lost, xterm draws by the DOM.
 */
export class GpuRenderer {
  private addon: WebglAddon | null = null;
  private broken = false;

  constructor(private readonly terminal: Terminal) {}

  start(): void {
    if (this.addon || this.broken) return;
    const addon = new WebglAddon();
    try {
      addon.onContextLoss(() => this.giveUp());
      this.terminal.loadAddon(addon);
      this.addon = addon;
    } catch {
      addon.dispose();
      this.broken = true;
    }
  }

  stop(): void {
    this.addon?.dispose();
    this.addon = null;
  }

  private giveUp(): void {
    this.broken = true;
    this.stop();
  }
}
