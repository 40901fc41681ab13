import { logHeaders, routes } from '@aikore/contract';
import type { ApiClient } from '../client/api-client';

/** Read a log over HTTP from its first kept byte, part by part as a client would. */
export async function readWholeLog(api: ApiClient, id: number, run?: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let from = 0; ;) {
    const answer = await api.ask(routes.readLog, { params: { id }, query: { from, limit: 4 * 1024 * 1024, run } });
    if (answer.status !== 200) throw new Error(`The log answered ${answer.status}: ${answer.text}`);
    parts.push(answer.body);
    const next = Number(answer.headers[logHeaders.next]);
    if (!(next > from) || next >= Number(answer.headers[logHeaders.size])) return Buffer.concat(parts);
    from = next;
  }
}
