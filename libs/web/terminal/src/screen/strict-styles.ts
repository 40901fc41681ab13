import type { Terminal } from '@xterm/xterm';

/**
 * xterm.js writes `<style>` elements and `style` attributes, which our Content-Security-Policy refuses; it has no option
 * for a nonce (6.0.0). Whatever makes a renderer runs in here: the elements that it makes meanwhile carry the nonce.
 *
 * @param nonce null where there is no policy
 */
export function withNonce<T>(nonce: string | null, work: () => T): T {
  if (nonce === null) return work();
  const create = Document.prototype.createElement;
  document.createElement = (name: string) => {
    const element = create.call(document, name) as HTMLElement;
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  };
  try {
    return work();
  } finally {
    Reflect.deleteProperty(document, 'createElement');
  }
}

/** What is private to xterm's DOM renderer, as far as it is touched here. */
interface Innards {
  readonly _core?: { readonly _renderService?: { readonly _renderer?: { readonly value?: DomRenderer } } };
}
interface DomRenderer {
  readonly _rowFactory?: { _addStyle?: (element: HTMLElement, style: string) => void };
}

/**
 * Lets cells have colours of their own in the DOM renderer, by the style object instead of the attribute. It reaches into
 * xterm: its version is pinned, and a browser test without WebGL fails when this finds nothing any more.
 */
export function allowCellColours(terminal: Terminal): void {
  const rows = (terminal as unknown as Innards)._core?._renderService?._renderer?.value?._rowFactory;
  if (!rows?._addStyle) return;
  rows._addStyle = (element, style) => {
    element.style.cssText += `${style};`;
  };
}
