// What `npm run docs` writes (tools/scripts/docs.mjs bundles and runs this).
import { openApiDocument } from '@aikore/contract';
import { configurationTable } from './configuration-table';
import { httpPage } from './http-page';
import { socketsPage } from './sockets-page';

/** Whole files, by path. */
export const files = (version: string): Record<string, string> => ({
  'docs/api/openapi.json': `${JSON.stringify(openApiDocument(version), null, 2)}\n`,
  'docs/api/http.md': httpPage(),
  'docs/api/sockets.md': socketsPage(),
});

/** Parts of hand-written files, between `<!-- NAME:start -->` and `<!-- NAME:end -->`. */
export const regions = (): { path: string; name: string; text: string }[] => [
  { path: 'README.md', name: 'configuration', text: configurationTable() },
];
