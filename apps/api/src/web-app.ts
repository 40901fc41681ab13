import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import compression from 'compression';
import {
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
  Router,
  static as serveStatic,
} from 'express';

const nonceMark = '__CSP_NONCE__';
const hashedName = /-[A-Za-z0-9_]{8,}\.(js|css|woff2?)$/;

/**
 * The console: its files, and index.html for every other address outside `/api`, with the nonce of the response's CSP.
 *
 * @param dir folder of the built single page application
 */
export function webApp(dir: string): Router {
  const index = readFileSync(join(dir, 'index.html'), 'utf8');
  const router = Router();
  router.use(notForApi, compression());
  router.use(
    serveStatic(dir, {
      index: false,
      redirect: false,
      setHeaders: (response, path) => {
        response.setHeader('Cache-Control', hashedName.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    }),
  );
  router.use((request: Request, response: Response, next: NextFunction) => {
    if ((request.method !== 'GET' && request.method !== 'HEAD') || /\.[a-z0-9]{2,5}$/i.test(request.path))
      return next();
    const nonce = (response.locals as { cspNonce?: string }).cspNonce ?? '';
    response.type('html').setHeader('Cache-Control', 'no-store');
    response.send(index.replaceAll(nonceMark, nonce));
  });
  return router;
}

/** Said in place of the console by a server that was built without it. */
export const noWebApp: RequestHandler = (request, response, next) => {
  if (isOfApi(request.path)) return next();
  response.status(404).type('text').send('The console is not built. Run: npm run build\n');
};

/** In any spelling: what is no address of the API must not be answered with a page. */
const isOfApi = (path: string): boolean => /^\/api(\/|$)/i.test(path);

const notForApi: RequestHandler = (request, _response, next) => (isOfApi(request.path) ? next('router') : next());
