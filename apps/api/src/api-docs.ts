import { createHash } from 'node:crypto';
import { type RequestHandler, Router, static as serveStatic } from 'express';
import { AppError, type GatedRequest } from '@aikore/api/kernel';
import { openApiDocument } from '@aikore/contract';
import { absolutePath } from 'swagger-ui-dist';

const initializer = `SwaggerUIBundle({ url: 'openapi.json', dom_id: '#swagger-ui', deepLinking: true });\n`;

const page = (nonce: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>AiKore API</title>
    <base href="/api/docs/" />
    <link rel="stylesheet" href="swagger-ui.css" nonce="${nonce}" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="swagger-ui-bundle.js"></script>
    <script src="start.js?${createHash('sha256').update(initializer).digest('hex').slice(0, 8)}"></script>
  </body>
</html>
`;

/** `/api/docs`: the OpenAPI document and a page that shows it; for everybody who is logged in. */
export function apiDocs(version: string): Router {
  const document = openApiDocument(version);
  const router = Router();
  router.use(loggedIn);
  router.get('/', (_request, response) => {
    response.type('html').send(page((response.locals as { cspNonce?: string }).cspNonce ?? ''));
  });
  router.get('/openapi.json', (_request, response) => void response.json(document));
  router.get('/start.js', (_request, response) => void response.type('js').send(initializer));
  router.use(serveStatic(absolutePath(), { index: false, redirect: false }));
  return router;
}

const loggedIn: RequestHandler = (request, response, next) => {
  if ((request as GatedRequest).identity) return next();
  const error = new AppError('unauthenticated', 'Log in first, or send an API token.');
  response.status(error.status).json({ error: error.toWire((request as GatedRequest).requestId) });
};
