/**
 * xterm.js writes `<style>` elements and `style` attributes, which our Content-Security-Policy refuses. Both ways around
 * it are its own to take (a nonce; the style object), so they are taken here, where it asks the document for elements.
 */
function strict(element: HTMLElement, nonce: string): HTMLElement {
  if (element instanceof HTMLStyleElement) element.nonce = nonce;
  if (element instanceof HTMLSpanElement) element.setAttribute = setSpanAttribute;
  return element;
}

/** Cells in colours of their own (the DOM renderer). */
function setSpanAttribute(this: HTMLElement, name: string, value: string): void {
  if (name === 'style') this.style.cssText = value;
  else Element.prototype.setAttribute.call(this, name, value);
}

/** The page's document for xterm's `documentOverride`: what it makes is allowed by a strict policy. */
export function strictDocument(nonce: string): Document {
  const createElement = (name: string) => strict(document.createElement(name), nonce);
  return new Proxy(document, {
    get(target, name) {
      if (name === 'createElement') return createElement;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/**
 * Runs `work`, in which the page's document itself makes elements as `strictDocument` does: one part of xterm 6.0 (its
 * scroll bar) does not heed `documentOverride`.
 */
export function withStrictDocument<T>(nonce: string, work: () => T): T {
  const own = Document.prototype.createElement;
  document.createElement = (name: string) => strict(own.call(document, name) as HTMLElement, nonce);
  try {
    return work();
  } finally {
    Reflect.deleteProperty(document, 'createElement');
  }
}
