/**
 * Terminals: the echo of a key, a flood, viewers that stall, opening, coming back, and what is left of closed ones. The
 * client is a program with a socket, next to plain node-pty in the same program without a server, and next to the
 * original's figures.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import headless from '@xterm/headless';
import type { Instance } from '@aikore/contract';
import { addAccount, TerminalClient, type TerminalView, until } from '@aikore/testing';
import { BenchServer } from './lib/bench-server';
import { PlainTerminal } from './lib/plain-terminal';
import { childrenOf, cpuSeconds, descriptors, residentMiB } from './lib/proc';
import { median, percentile, round, spread, table } from './lib/stats';

const rounds = 5;
const keys = 300;
const floodMs = 60_000;
const stalledCount = 20;
const blueprint = `### AIKORE-METADATA-START ###
# aikore.name = Bench
# aikore.venv_type = none
### AIKORE-METADATA-END ###
sleep 1000
`;
const signed = (value: number): string => (value < 0 ? '' : '+') + round(value);
const progress = (text: string): void => void process.stderr.write(`  ${text}\n`);

interface Bench {
  readonly server: BenchServer;
  readonly ids: readonly number[];
  readonly home: string;
  /** Tokens of two admins, who may have 16 terminals each. */
  readonly tokens: readonly [string, string];
}

async function main(): Promise<void> {
  const server = await BenchServer.create({ blueprints: { 'Bench.sh': blueprint } });
  try {
    const bench = await prepare(server);
    const first = await measureFirst(bench);
    const opening = await measureOpening(bench);
    const echo = await measureEcho(bench);
    const flood = await measureFlood(bench);
    const again = await measureAttach(bench);
    const idle = await measureIdle(bench);
    const left = await measureLeftovers(bench);
    const control = await measureStalled(bench, 0);
    const stalled = await measureStalled(bench, stalledCount);
    console.log(
      table([
        ['terminals', 'AiKore', 'plain node-pty, no server', 'the original', 'aim'],
        ['key → echo, ms, p50 / p99', echo.ours, echo.plain, '6.5 / 11.4', 'p99 < 15'],
        ['`seq 1 2000000`, MB/s, median (range)', flood.ours, flood.plain, '0.095', ''],
        ['open → prompt, ms, median (range)', opening, '', '28', '< 300'],
        [
          'attach to 10,000 lines of 100 bytes → all of them here, ms, median (range)',
          again.here,
          '',
          'impossible',
          '< 200',
        ],
        ['the same, until xterm.js has drawn them', again.drawn, '', '', ''],
        ['memory that the first terminal, and the tenth, cost the server, MiB', first, '', '', ''],
        ['CPU with 20 idle terminals, % of a core, over 10 s', idle, '', '5.6 (50)', ''],
        ['200 opened and closed: shells / descriptors left', left, '', '44 zombies, 4 shells (of 50)', '0 / 0'],
        [
          `${stalledCount} stalled viewers × a flood, ${floodMs / 1000} s: most memory of a new server, MiB; without them`,
          `${round(stalled.most)}; ${round(control.most)} (${signed(stalled.most - control.most)})`,
          '',
          'without bound',
          '≤ +64',
        ],
        [
          '… key → echo in another terminal meanwhile, ms, p50 / p95; without them',
          `${stalled.echo}; ${control.echo}`,
          '',
          '',
          'p95 < 100',
        ],
      ]),
    );
  } finally {
    await server.remove();
  }
}

/** Instances, a prompt that is known, and a second admin. */
async function prepare(server: BenchServer): Promise<Bench> {
  const home = join(server.folder, 'home');
  mkdirSync(home);
  writeFileSync(join(home, '.bashrc'), "PS1='$ '\nbind 'set enable-bracketed-paste off'\n");
  const ids: number[] = [];
  for (const name of ['one', 'two', 'three', 'four']) {
    ids.push((await server.call<Instance>('POST', '/api/instances', { name, base_blueprint: 'Bench.sh' })).id);
  }
  await server.stop();
  const second = await addAccount(join(server.dataDir, 'aikore.db'), 'second', 'admin');
  process.env['HOME'] = home; // the server and its shells inherit it
  await server.start();
  const first = (server.headers['authorization'] ?? '').replace('Bearer ', '');
  return { server, ids, home, tokens: [first, second] };
}

async function connect({ server, tokens }: Bench, who: 0 | 1 = 0): Promise<TerminalClient> {
  const client = new TerminalClient(server.url, { authorization: `Bearer ${tokens[who]}` });
  await until(() => client.socket.connected, 'a connection');
  return client;
}

async function done(client: TerminalClient): Promise<void> {
  for (const { id } of (await client.ask('join', {})).sessions) await client.ask('close', { session: id });
  client.close();
}

/** node-pty is loaded with the first one. */
async function measureFirst(bench: Bench): Promise<string> {
  progress('memory');
  const client = await connect(bench);
  await client.ask('join', {});
  await delay(2000);
  const sizes = [residentMiB(bench.server.pid)];
  for (let count = 0; count < 10; count += 1) {
    await client.shell(bench.ids[count % 4] ?? 0);
    if (count === 0 || count === 9) sizes.push(residentMiB(bench.server.pid));
  }
  await done(client);
  const [none = 0, one = 0, ten = 0] = sizes;
  return `${round(one - none, 1)}, ${round((ten - one) / 9, 1)}`;
}

async function measureOpening(bench: Bench): Promise<string> {
  progress('open → prompt');
  const client = await connect(bench);
  const times: number[] = [];
  for (let count = 0; count < rounds * 4; count += 1) {
    const began = performance.now();
    const { id } = await client.open(bench.ids[count % 4] ?? 0);
    const view = await client.attach(id);
    await prompt(view);
    times.push(performance.now() - began);
    await client.ask('close', { session: id });
  }
  await done(client);
  return spread(times);
}

/** Without a poll, whose interval would be measured. */
async function prompt(view: TerminalView): Promise<void> {
  while (!view.text.includes('$ ')) await new Promise<void>((resolve) => (view.onData = () => resolve()));
}

interface Typist {
  type(text: string): unknown;
  onData: (data: Uint8Array) => void;
}

/** Type one key and wait for its echo; the line never grows long. */
async function echoOf(typist: Typist, key: number): Promise<void> {
  const echoed = new Promise<void>((resolve) => (typist.onData = () => resolve()));
  void typist.type(key % 60 === 59 ? '\x15' : 'x');
  await echoed;
}

/** A key every 20 ms or so, at a prompt. */
async function echoes(typist: Typist, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let key = 0; key < count; key += 1) {
    await delay(15 + (key % 10));
    const began = performance.now();
    await echoOf(typist, key);
    times.push(performance.now() - began);
  }
  return times;
}

const plainTerminal = async ({ home }: Bench): Promise<PlainTerminal> => {
  const plain = new PlainTerminal({ PATH: process.env['PATH'] ?? '', HOME: home, TERM: 'xterm-256color' });
  await until(() => plain.ends('$ '), 'the prompt');
  return plain;
};

async function measureEcho(bench: Bench): Promise<{ ours: string; plain: string }> {
  progress('key → echo');
  const client = await connect(bench);
  const view = await client.shell(bench.ids[0] ?? 0);
  const plain = await plainTerminal(bench);
  const [ours, plainly]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < rounds; turn += 1) {
    ours.push(...(await echoes(view, keys / rounds)));
    plainly.push(...(await echoes(plain, keys / rounds)));
  }
  plain.close();
  await done(client);
  const both = (times: readonly number[]) =>
    `${round(percentile(times, 0.5), 1)} / ${round(percentile(times, 0.99), 1)}`;
  return { ours: both(ours), plain: both(plainly) };
}

async function measureFlood(bench: Bench): Promise<{ ours: string; plain: string }> {
  progress('seq 1 2000000');
  const client = await connect(bench);
  const view = await client.shell(bench.ids[0] ?? 0);
  view.keeps = false;
  const plain = await plainTerminal(bench);
  const count = 'clear; seq 1 2000000; echo the-""end\r';
  const [ours, plainly]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < rounds; turn += 1) {
    let tail = '';
    const over = new Promise<void>((resolve) => {
      view.onData = (data) => {
        tail = (tail + Buffer.from(data.subarray(-60)).toString()).slice(-60);
        if (tail.includes('\nthe-end\r\n')) resolve();
      };
    });
    ours.push(await speed(view, () => view.type(count), over));
    const plainOver = new Promise<void>((resolve) => {
      plain.onData = () => {
        if (plain.ends('\nthe-end\r\n')) resolve();
      };
    });
    plainly.push(await speed(plain, () => plain.type(count), plainOver));
  }
  plain.close();
  await done(client);
  return { ours: spread(ours, 1), plain: spread(plainly, 1) };
}

/** @returns MB/s */
async function speed(counter: { received: number }, start: () => unknown, over: Promise<void>): Promise<number> {
  const [began, before] = [performance.now(), counter.received];
  void start();
  await over;
  return (counter.received - before) / 1000 / (performance.now() - began);
}

async function measureAttach(bench: Bench): Promise<{ here: string; drawn: string }> {
  progress('attach to 10,000 lines');
  const client = await connect(bench);
  const view = await client.shell(bench.ids[0] ?? 0, 120, 30);
  await view.type(`for i in $(seq 1 10000); do printf '%099d\\n' $i; done; echo all-of""-it\r`);
  await view.shows('all-of-it', 60_000);
  const [here, drawn]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < rounds * 2; turn += 1) {
    const one = await connect(bench);
    const began = performance.now();
    const again = await one.attach(view.session);
    while (!Buffer.concat(again.chunks.slice(-2)).includes('all-of-it')) {
      await new Promise<void>((resolve) => (again.onData = () => resolve()));
    }
    here.push(performance.now() - began);
    if (again.text.split('\n').length <= 10_000) throw new Error('Less than 10,000 lines were kept.');
    const terminal = new headless.Terminal({ cols: 120, rows: 30, scrollback: 10_000, allowProposedApi: true });
    for (const chunk of again.chunks) await new Promise<void>((resolve) => terminal.write(chunk, resolve));
    drawn.push(performance.now() - began);
    terminal.dispose();
    one.close();
  }
  await done(client);
  return { here: spread(here), drawn: spread(drawn) };
}

async function measureIdle(bench: Bench): Promise<string> {
  progress('20 idle terminals');
  const clients = [await connect(bench, 0), await connect(bench, 1)];
  for (const [index, client] of clients.entries()) {
    for (let count = 0; count < 10; count += 1) await client.shell(bench.ids[(2 * count + index) % 4] ?? 0);
  }
  const before = cpuSeconds(bench.server.pid);
  await delay(10_000);
  const used = ((cpuSeconds(bench.server.pid) - before) / 10) * 100;
  for (const client of clients) await done(client);
  return round(used, 1);
}

async function measureLeftovers(bench: Bench): Promise<string> {
  progress('200 opened and closed');
  const client = await connect(bench);
  const { pid } = bench.server;
  const before = descriptors(pid).length;
  for (let turn = 0; turn < 25; turn += 1) {
    const opened = await Promise.all(bench.ids.flatMap((id) => [client.open(id), client.open(id)]));
    await Promise.all(opened.map(({ id }) => client.ask('close', { session: id })));
    await delay(900); // a connection may ask 20 times a second
  }
  const after = descriptors(pid);
  const shells = childrenOf(pid).length;
  client.close();
  return `${shells} / ${Math.max(0, after.length - before)}`;
}

/**
 * Somebody types while `count` terminals flood viewers that take nothing. The server is a new one each time: it grows
 * while it warms up, whoever stalls, so that only a second measurement without them tells what they cost.
 */
async function measureStalled(bench: Bench, count: number): Promise<{ most: number; echo: string }> {
  progress(`${count} stalled viewers, ${floodMs / 1000} s`);
  const { server, ids } = bench;
  await server.stop();
  await server.start();
  const clients = [await connect(bench, 0), await connect(bench, 1)] as const;
  const typist = await (await connect(bench, 1)).shell(ids[3] ?? 0);
  for (let opened = 0; opened < count; opened += 1) {
    const view = await clients[opened % 2 === 0 ? 0 : 1].shell(ids[opened % 4] ?? 0);
    Object.assign(view, { acks: false, keeps: false });
    void view.type('yes 0123456789012345678901234567890123456789\r');
  }
  const times: number[] = [];
  let most = 0;
  for (const end = performance.now() + floodMs; performance.now() < end;) {
    times.push(...(await echoes(typist, 20)));
    most = Math.max(most, residentMiB(server.pid));
  }
  for (const client of clients) await done(client);
  return { most, echo: `${round(median(times), 1)} / ${round(percentile(times, 0.95), 1)}` };
}

await main();
