import { type IncomingHttpHeaders, request as httpRequest } from 'node:http';

export interface Call {
  headers?: Record<string, string | string[]>;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as the session cookie, with the CSRF header unless `csrf` is false. */
  cookie?: string;
  csrf?: boolean;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  json: Record<string, unknown>;
  /** Code of a refusal. */
  code: string | undefined;
  /** `name=value` of the first cookie that was set. */
  cookie: string;
}

/** One HTTP request on a connection of its own, with exactly these headers: `fetch` may set neither Host nor Origin. */
export function call(port: number, method: string, path: string, options: Call = {}): Promise<Answer> {
  const body = options.body === undefined ? undefined : JSON.stringify(options.body);
  const headers = {
    Host: `localhost:${port}`,
    ...(body === undefined
      ? {}
      : { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(body)) }),
    ...(options.cookie ? { Cookie: options.cookie } : {}),
    ...(options.cookie && options.csrf !== false ? { 'X-AiKore': '1' } : {}),
    ...options.headers,
  };
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve(answerOf(response.statusCode ?? 0, response.headers, Buffer.concat(chunks).toString()));
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

function answerOf(status: number, headers: IncomingHttpHeaders, text: string): Answer {
  const isJson = headers['content-type']?.includes('json') === true && text !== '';
  const json = isJson ? (JSON.parse(text) as Record<string, unknown>) : {};
  const code = (json['error'] as { code?: string } | undefined)?.code;
  return { status, headers, text, json, code, cookie: headers['set-cookie']?.[0]?.split(';')[0] ?? '' };
}
