import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { RequestHandler, Response } from 'express';
import helmet from 'helmet';
import { isSecure } from '@aikore/api/kernel';
import { readHost } from './host-header';
import { originOf } from './origin-header';

/** The nonce of a response's CSP, for the page that it carries. */
const nonceOf = (response: Response): string => String(response.locals['cspNonce']);

/** Our own WebSockets: `'self'` does not cover them in older Safari. */
function ownSockets(request: IncomingMessage): string[] {
  const host = readHost(request);
  return host ? [originOf(host, isSecure(request)).replace(/^http/, 'ws')] : [];
}

/** Apps are embedded from `<slug>.localhost` and from other ports of this host. CSP has no syntax for IPv6 literals. */
function appOrigins(request: IncomingMessage): string[] {
  const name = readHost(request)?.name;
  const scheme = isSecure(request) ? 'https' : 'http';
  return [`${scheme}://*.localhost:*`, ...(name && !name.startsWith('[') ? [`${scheme}://${name}:*`] : [])];
}

const helmetFor = (secure: boolean): RequestHandler =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", (_, response) => `'nonce-${nonceOf(response as Response)}'`],
        imgSrc: ["'self'", 'data:', 'blob:'],
        connectSrc: ["'self'", (request) => ownSockets(request).join(' ')],
        frameSrc: ["'self'", (request) => appOrigins(request).join(' ')],
        frameAncestors: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
      },
    },
    // `no-referrer` would make browsers send `Origin: null` with same-origin form posts.
    referrerPolicy: { policy: 'same-origin' },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'sameorigin' },
    strictTransportSecurity: secure,
  });

/**
 * The headers of every answer of the console. Sets `response.locals.cspNonce`, which replaces `__CSP_NONCE__` in
 * index.html: Angular and Material put it on the style elements that they make.
 */
export function securityHeaders(): RequestHandler {
  const [plain, encrypted] = [helmetFor(false), helmetFor(true)];
  return (request, response, next) => {
    response.locals['cspNonce'] = randomBytes(16).toString('base64');
    (isSecure(request) ? encrypted : plain)(request, response, next);
  };
}
