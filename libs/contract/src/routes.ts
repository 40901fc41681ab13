import * as z from 'zod';
import { apiToken, createToken, createdToken, loginRequest, me, setupRequest } from './auth';
import { blueprint } from './blueprint';
import { blueprintFilename, createInstance, instance, instanceAction, run, updateInstance } from './instance';
import { instanceOrder, moveInstance } from './instance-order';
import { logSearch, maxSearchHits, maxSearchText } from './log-search';
import { launchChanges, versionChoices } from './launch';
import type { HttpMethod, RouteDefinition } from './route';
import type { Access } from './roles';
import {
  blueprintText,
  instanceScript,
  saveBlueprint,
  saveScript,
  scriptCheck,
  scriptEtag,
  scriptText,
} from './script';
import { adoptionNote, health, portPool } from './system';

const nothing = z.undefined();
const anyObject = z.object({});
type Nothing = typeof nothing;
type Empty = typeof anyObject;

function route<
  P extends z.ZodType = Empty,
  Q extends z.ZodType = Empty,
  B extends z.ZodType = Nothing,
  R extends z.ZodType = Nothing,
>(
  method: HttpMethod,
  path: `/api/${string}`,
  access: Access,
  summary: string,
  shape: {
    params?: P;
    query?: Q;
    body?: B;
    response?: R;
    status?: number;
    produces?: string;
    /** False for what changes nothing, though its input needs a body. */
    audited?: false;
  } = {},
): RouteDefinition<P, Q, B, R> {
  return {
    method,
    path,
    access,
    summary,
    tag: path.split('/')[2] ?? 'api',
    params: shape.params ?? (anyObject as unknown as P),
    query: shape.query ?? (anyObject as unknown as Q),
    body: shape.body ?? (nothing as unknown as B),
    response: shape.response ?? (nothing as unknown as R),
    status: shape.status ?? (shape.response || shape.produces ? 200 : 204),
    produces: shape.produces ?? 'application/json',
    audited: shape.audited ?? method !== 'GET',
  };
}

/** A number in a path or query: decimal digits and nothing else. Clients in TypeScript may pass a number. */
function wholeNumber(least: number, most: number) {
  const digits = z
    .string()
    .regex(/^\d{1,16}$/)
    .transform(Number);
  return z.union([z.number(), digits], 'must be a whole number').pipe(z.int().min(least).max(most));
}

/** A database id in a path. */
export const idParam = z.object({ id: wholeNumber(1, Number.MAX_SAFE_INTEGER) });
const flag = z.enum(['1', '0', 'true', 'false']).transform((text) => text === '1' || text === 'true');
const offset = wholeNumber(0, Number.MAX_SAFE_INTEGER);

/** A path (and query) on an app's own origin: nothing that a browser could read as another host, or as a header. */
export const appPath = z
  .string()
  .max(2048)
  .regex(
    /^\/(?![/\\])[^\\\p{Cc}\p{Cs}]*$/u,
    'must be a path that begins with one "/", without "\\" and control characters',
  );

/** Headers of a log answer: where its first byte stands in the run's log, where the next read goes on, and the size. */
export const logHeaders = {
  run: 'x-aikore-log-run',
  offset: 'x-aikore-log-offset',
  next: 'x-aikore-log-next',
  size: 'x-aikore-log-size',
} as const;

/** Cookie requests to `/api` must carry this header: a page of another origin cannot set it without a preflight. */
export const csrfHeader = { name: 'x-aikore', value: '1' } as const;

/** Most bytes that one log request answers with. */
export const maxLogRead = 4 * 1024 * 1024;

export const routes = {
  health: route('GET', '/api/health', 'public', 'Whether the server is up, and its version', { response: health }),

  setup: route('POST', '/api/setup', 'public', 'Create the first admin with the one-time setup token, and log in', {
    body: setupRequest,
    response: me,
    status: 201,
  }),
  login: route('POST', '/api/auth/login', 'public', 'Log in: sets the session cookie', {
    body: loginRequest,
    response: me,
  }),
  logout: route('POST', '/api/auth/logout', 'viewer', 'End this session'),
  me: route('GET', '/api/auth/me', 'viewer', 'Who is asking', { response: me }),
  listTokens: route('GET', '/api/tokens', 'admin', 'API tokens of the caller', { response: z.array(apiToken) }),
  createToken: route('POST', '/api/tokens', 'admin', 'Make an API token; it is shown this once', {
    body: createToken,
    response: createdToken,
    status: 201,
  }),
  deleteToken: route('DELETE', '/api/tokens/:id', 'admin', 'Revoke an API token', {
    params: z.object({ id: z.string().min(1).max(64) }),
  }),

  listInstances: route('GET', '/api/instances', 'viewer', 'All instances, in display order', {
    response: z.array(instance),
  }),
  createInstance: route(
    'POST',
    '/api/instances',
    'admin',
    'Create an instance; its folder appears at the first start',
    {
      body: createInstance,
      response: instance,
      status: 201,
    },
  ),
  getInstance: route('GET', '/api/instances/:id', 'viewer', 'One instance', { params: idParam, response: instance }),
  updateInstance: route(
    'PATCH',
    '/api/instances/:id',
    'admin',
    'Change settings; `needs_restart` tells when the running app does not have them yet',
    {
      params: idParam,
      body: updateInstance,
      response: instance,
    },
  ),
  deleteInstance: route(
    'DELETE',
    '/api/instances/:id',
    'admin',
    'Delete a stopped instance: to the trash (default) or permanently',
    {
      params: idParam,
      query: z.strictObject({ mode: z.enum(['trash', 'permanent']).default('trash'), overwrite: flag.default(false) }),
    },
  ),
  actOnInstance: route(
    'POST',
    '/api/instances/:id/actions/:action',
    'operator',
    'Start, stop or restart; `wait` answers when that is reached',
    {
      params: idParam.extend({ action: instanceAction }),
      query: z.strictObject({
        wait: z.enum(['started', 'stopped']).optional(),
        /** Seconds to wait at most. */
        timeout: wholeNumber(1, 3600).default(300),
      }),
      response: instance,
      status: 202,
    },
  ),
  openInstance: route(
    'POST',
    '/api/instances/:id/open',
    'viewer',
    'A single-use address (30 s) that lets this browser into the app',
    {
      params: idParam,
      body: z
        .object({
          path: appPath.default('/'),
          /** It will be shown in a frame of the console: prefer an origin whose cookies the browser keeps there. */
          embed: z.boolean().default(false),
        })
        .strict()
        .optional(),
      response: z.object({
        url: z.string(),
        /**
         * With `embed`. `refused`: the app's headers forbid it. `cookies`: there is no origin of this site for it, and
         * browsers keep no cookie of another site in a frame. `unknown`: the app did not answer. Otherwise null.
         */
        framing: z.enum(['allowed', 'refused', 'cookies', 'unknown']).nullable(),
      }),
    },
  ),
  moveInstance: route(
    'PUT',
    '/api/instances/order',
    'operator',
    'Put an instance, with its satellites, before another one',
    { body: moveInstance, response: instanceOrder },
  ),
  listChanges: route(
    'GET',
    '/api/instances/:id/changes',
    'viewer',
    'What the last run was started with that the last good start was not',
    { params: idParam, response: launchChanges },
  ),
  listVersions: route('GET', '/api/versions', 'viewer', 'Python, CUDA and Torch versions to propose', {
    response: versionChoices,
  }),
  listRuns: route('GET', '/api/instances/:id/runs', 'viewer', 'Runs of an instance, newest first', {
    params: idParam,
    response: z.array(run),
  }),
  readLog: route(
    'GET',
    '/api/instances/:id/logs',
    'viewer',
    'Log bytes of a run as text; the offsets are in the headers',
    {
      params: idParam,
      query: z.strictObject({
        /** Absent: the newest run. */
        run: z.string().max(64).optional(),
        from: offset.optional(),
        limit: wholeNumber(1, maxLogRead).default(262_144),
        /** The last n bytes, cut at a line start; not together with `from`. */
        tail: wholeNumber(1, maxLogRead).optional(),
        /** The whole run as a file. */
        download: flag.default(false),
      }),
      produces: 'text/plain',
    },
  ),

  searchLog: route(
    'GET',
    '/api/instances/:id/logs/search',
    'viewer',
    'Lines of a run that hold a text, or the usual signs of trouble; one request searches for a quarter of a second at most',
    {
      params: idParam,
      query: z.strictObject({
        /** Absent: the newest run. */
        run: z.string().max(64).optional(),
        /** What to look for; absent: errors, as `[Ee]rror:`, `Traceback`, `command not found`. */
        text: z.string().min(1).max(maxSearchText).optional(),
        match_case: flag.default(false),
        /** Where to begin, at the start of a line; absent: at the first byte, or at the end when it goes back. */
        from: offset.optional(),
        /** Search towards the start: lines that end at or before `from`. */
        back: flag.default(false),
        limit: wholeNumber(1, maxSearchHits).default(1),
      }),
      response: logSearch,
    },
  ),

  readScript: route(
    'GET',
    '/api/instances/:id/script',
    'admin',
    'The launch.sh of an instance; before its first start what the blueprint would make of it',
    { params: idParam, response: instanceScript },
  ),
  saveScript: route(
    'PUT',
    '/api/instances/:id/script',
    'admin',
    'Save launch.sh; 409 `conflict` carries the script as it is now when it changed since it was read',
    { params: idParam, body: saveScript, response: instanceScript },
  ),
  resetScript: route(
    'POST',
    '/api/instances/:id/script/reset',
    'admin',
    'Put the text of the blueprint in the place of launch.sh; the old script stays beside it',
    { params: idParam, body: z.object({ etag: scriptEtag }).strict(), response: instanceScript },
  ),
  checkScript: route('POST', '/api/scripts/check', 'admin', 'What ShellCheck and the header reader say of a script', {
    body: z.object({ content: scriptText }).strict(),
    response: scriptCheck,
    audited: false,
  }),

  listBlueprints: route('GET', '/api/blueprints', 'viewer', 'Stock and custom blueprints', {
    response: z.array(blueprint),
  }),
  readBlueprint: route('GET', '/api/blueprints/:filename', 'admin', 'The text of a blueprint', {
    params: z.object({ filename: blueprintFilename }),
    response: blueprintText,
  }),
  saveBlueprint: route('POST', '/api/blueprints', 'admin', 'Make a custom blueprint, or with `overwrite` replace one', {
    body: saveBlueprint,
    response: blueprint,
    status: 201,
  }),
  listAdoptionNotes: route(
    'GET',
    '/api/adoption-notes',
    'admin',
    'What was changed when the database of an older AiKore was taken over',
    { response: z.array(adoptionNote) },
  ),
  listPorts: route('GET', '/api/ports', 'viewer', 'The pool of public ports and who holds them', {
    response: portPool,
  }),
} as const;

export type RouteName = keyof typeof routes;
