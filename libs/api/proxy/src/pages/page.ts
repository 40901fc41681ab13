import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Markup that is safe to put into a page: made by `html` only. */
export class Markup {
  constructor(readonly text: string) {}
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] as string);

/** Markup with every value escaped, unless it is markup itself; null and undefined are left out. */
export function html(parts: TemplateStringsArray, ...values: (Markup | string | number | null | undefined)[]): Markup {
  const shown = values.map((value) => (value instanceof Markup ? value.text : escape(String(value ?? ''))));
  return new Markup(parts.reduce((text, part, index) => text + (shown[index - 1] ?? '') + part));
}

/** A page of the proxy's own, shown in place of an app. */
export interface Page {
  readonly status: number;
  readonly title: string;
  readonly body: Markup;
  /** Seconds after which the page loads the same address again; null: it stays. */
  readonly reload: number | null;
}

const style = `
:root{color-scheme:light dark;--text:#1d1b20;--muted:#5c5866;--page:#f5f3f9;--card:#fff;--line:#ddd8e6;--accent:#5b4bb7;--bad:#b3261e}
@media (prefers-color-scheme:dark){:root{--text:#e8e4ee;--muted:#a9a3b5;--page:#131218;--card:#1d1b24;--line:#35313f;--accent:#b9aefc;--bad:#f2b8b5}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px;background:var(--page);color:var(--text);font:16px/1.5 Roboto,system-ui,sans-serif}
main{width:100%;max-width:520px;padding:32px;background:var(--card);border:1px solid var(--line);border-radius:16px}
h1{margin:0 0 4px;font-size:22px;font-weight:500;overflow-wrap:anywhere}
p{margin:8px 0 0;overflow-wrap:anywhere}
.muted{color:var(--muted);font-size:14px}
.bad{color:var(--bad)}
progress{width:100%;height:8px;margin:20px 0 4px;border:0;border-radius:4px;overflow:hidden;appearance:none;background:var(--line);color:var(--accent)}
progress::-webkit-progress-bar{background:var(--line)}
progress::-webkit-progress-value{background:var(--accent)}
progress::-moz-progress-bar{background:var(--accent)}
progress:indeterminate{animation:work 1.2s ease-in-out infinite alternate}
@keyframes work{from{opacity:.35}to{opacity:1}}
@media (prefers-reduced-motion:reduce){progress:indeterminate{animation:none}}
a{color:var(--accent)}
`;

function render(page: Page, nonce: string): string {
  const refresh = page.reload === null ? null : html`<meta http-equiv="refresh" content="${page.reload}" />`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        ${refresh}
        <title>${page.title}</title>
        <style nonce="${nonce}">
          ${new Markup(style)}
        </style>
      </head>
      <body>
        <main>${page.body}</main>
      </body>
    </html>`.text;
}

/** True when a person looks at the answer: a page was navigated to, rather than fetched by a script. */
export function isNavigation(request: IncomingMessage): boolean {
  const { accept, 'sec-fetch-mode': mode } = request.headers;
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  return (mode === undefined || mode === 'navigate') && (accept?.includes('text/html') ?? false);
}

/** Send a page. It loads nothing from anywhere, runs no script, and may stand in the console's frame. */
export function sendPage(request: IncomingMessage, response: ServerResponse, page: Page): void {
  const nonce = randomBytes(16).toString('base64');
  const body = Buffer.from(render(page, nonce));
  response.writeHead(page.status, [
    ...['Content-Type', 'text/html; charset=utf-8'],
    ...['Content-Length', String(body.length)],
    ...[
      'Content-Security-Policy',
      `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'`,
    ],
    ...['X-Content-Type-Options', 'nosniff'],
    ...['Referrer-Policy', 'no-referrer'],
    ...['Cache-Control', 'no-store'],
    ...(page.reload === null ? [] : ['Retry-After', String(page.reload)]),
  ]);
  response.end(request.method === 'HEAD' ? undefined : body);
}
