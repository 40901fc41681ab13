import { type Run, routes } from '@aikore/contract';
import type { Command, Invocation } from '../command';
import { usageError } from '../exit-codes';
import { LogDocument } from '../logs/log-document';
import { type FollowPlan, LogFollower } from '../logs/log-follower';
import { LogHistory } from '../logs/log-history';
import { JsonSink, PlainSink } from '../logs/log-sink';
import { resolveRun } from '../resolve-instance';
import { parseCount, parseMoment } from '../time';

export const logs: Command = {
  name: 'logs',
  args: ['NAME'],
  summary: 'Print the log of an instance: of its newest run, of one run, or of all that were active since some time.',
  details: [
    'Without -f it ends at the present end of the log. With -f it goes on: with --run until that run ends, else with',
    'every later run of the instance. A lost connection is taken up again without loss or doubling. The log goes to',
    'stdout; what AiKore has to say about it (gaps, runs that begin and end) to stderr.',
  ].join('\n'),
  options: {
    follow: { short: 'f', help: 'go on as the log grows' },
    since: { value: 'TIME', help: 'the runs that were active since: 10m, 2h30m, or a date' },
    run: { value: 'ID', help: 'one run; the beginning of its id is enough' },
    tail: { value: 'N', short: 'n', help: 'only the last N lines of the first run that is printed' },
    bytes: { help: 'the bytes as the app wrote them (with --json in base64), not text' },
  },
  async run(invocation) {
    const { id } = await invocation.instance();
    const api = await invocation.api();
    const runs = await api.call(routes.listRuns, { params: { id } });
    const selection = select(runs, invocation);
    const history = new LogHistory(api, id);
    const first = selection[0];
    const offset = first ? await startOffset(first, invocation, history) : 0;
    if (invocation.flags.follow !== true) return print(selection, offset, invocation, history);
    // Nothing was active since: go on after what there is.
    const past = runs[0] && { run: runs[0].id, offset: runs[0].log_start + runs[0].log_size };
    const start = first ? { run: first.id, offset } : (past ?? null);
    await follow({ instanceId: id, start, follow: invocation.text('run') === undefined }, invocation);
  },
};

/** The runs to print, oldest first. */
function select(runs: readonly Run[], invocation: Invocation): Run[] {
  const since = invocation.text('since');
  const id = invocation.text('run');
  if (since !== undefined && id !== undefined) throw usageError('Give --since or --run, not both.');
  if (id !== undefined) return [resolveRun(runs, id)];
  if (since === undefined) return runs.slice(0, 1);
  const moment = parseMoment(since, Date.now()).getTime();
  return runs.filter(({ ended_at }) => ended_at === null || Date.parse(ended_at) >= moment).reverse();
}

async function startOffset(run: Run, invocation: Invocation, history: LogHistory): Promise<number> {
  const tail = invocation.text('tail');
  return tail === undefined ? 0 : history.tailOffset(run.id, parseCount('tail', tail, 0, 1_000_000));
}

/** What there is of the runs; `offset` is where the first of them begins. */
async function print(runs: Run[], offset: number, invocation: Invocation, history: LogHistory): Promise<void> {
  const bytes = invocation.flags.bytes === true;
  const document = invocation.json ? new LogDocument(bytes) : null;
  const sink = document ?? new PlainSink(invocation.io, bytes ? 'bytes' : 'text');
  for (const [index, run] of runs.entries()) {
    if (document || runs.length > 1) await sink.runBegan(run);
    await history.read(run.id, index === 0 ? offset : 0, sink);
    await sink.flush();
  }
  if (document) await invocation.print(document.runs, () => '');
}

async function follow(plan: FollowPlan, invocation: Invocation): Promise<void> {
  const { io } = invocation;
  const bytes = invocation.flags.bytes === true;
  const sink = invocation.json ? new JsonSink(io, bytes) : new PlainSink(io, bytes ? 'bytes' : 'text');
  const api = await invocation.api();
  await new LogFollower(await invocation.credentials(), plan, sink, () => api.call(routes.me)).run(io.interrupted);
}
