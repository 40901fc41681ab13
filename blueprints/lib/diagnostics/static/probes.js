/* The checks that the browser runs through whatever stands between it and the app. Each answers with a sentence, or
   throws one. Addresses are relative to the page, so that they stay below a path if there is one. */

const base = new URL('.', location.href);
const at = (path) => new URL(path, base);
const seconds = (since) => (performance.now() - since) / 1000;

function expect(holds, sentence) {
  if (!holds) throw new Error(sentence);
}

/** A fetch whose failure is a sentence, and that never hangs for ever. */
async function get(url, options = {}, limit = 30_000) {
  let response;
  try {
    response = await fetch(url, { cache: 'no-store', signal: AbortSignal.timeout(limit), ...options });
  } catch (error) {
    throw new Error(`${url}: ${error.name === 'TimeoutError' ? 'no answer in time' : error.message}`);
  }
  expect(response.ok, `${url} answered ${response.status} ${response.statusText}`);
  return response;
}

/** The JSON of an address that must come from this app's own process. */
async function fromApp(url, process) {
  const response = await get(url);
  const kind = response.headers.get('content-type') ?? '';
  expect(kind.includes('json'), `${new URL(url, base).pathname} was answered by something else (${kind || 'no type'})`);
  const answer = await response.json();
  expect(answer.process === process, `${new URL(url, base).pathname} was answered by another app`);
  return answer;
}

async function relativeLinks({ process }) {
  await fromApp(at('links/relative'), process);
  return 'Addresses relative to the page reach the app';
}

async function absoluteLinks({ process }) {
  try {
    await fromApp(new URL('/links/absolute', location.origin), process);
  } catch (error) {
    if (base.pathname === '/') throw error;
    throw new Error(
      `${error.message}: at this address apps with absolute links break; open it by its own name or port`,
    );
  }
  return 'Addresses from the root reach the app';
}

async function redirects({ process }) {
  const kinds = base.pathname === '/' ? ['relative', 'absolute', 'full'] : ['relative'];
  for (const kind of kinds) {
    const answer = await fromApp(at(`redirect?to=${kind}`), process);
    expect(answer.from === kind, `A ${kind} redirect led to ${answer.path}`);
  }
  return `Followed: ${kinds.join(', ')}`;
}

async function requests() {
  const body = 'kept as it is: ä ✓ \u0000 %20 + &';
  const query = 'x=%2F..%2F&y=a+b&z=%C3%A4';
  const answer = await (await get(at(`echo?${query}`), { method: 'POST', body })).json();
  expect(answer.target.endsWith(`echo?${query}`), `The query arrived as ${answer.target}`);
  expect(answer.body === body, 'The body arrived changed');
  return `${answer.line.slice(0, 80)}: path, query and body arrive unchanged`;
}

async function credentials() {
  const { headers } = await (await get(at('echo'))).json();
  const ours = headers.filter(
    ([name, value]) =>
      (/^cookie$/i.test(name) && /aikore/i.test(value)) || (/authorization/i.test(name) && /aik_/.test(value)),
  );
  expect(ours.length === 0, `The console's own ${ours.map(([name]) => name).join(' and ')} reached the app`);
  return 'No login of the console reaches the app';
}

async function cookies() {
  const { value } = await (await get(at('cookie'))).json();
  const { headers } = await (await get(at('echo'))).json();
  const sent = headers.filter(([name]) => /^cookie$/i.test(name)).map(([, text]) => text);
  expect(sent.join('; ').includes(`diagnostics=${value}`), "The app's own cookie did not come back");
  return "The app's own cookies are kept";
}

/** Open a WebSocket and run `talk(socket, next)`, where `next()` waits for the next message or close. */
async function withSocket(query, talk) {
  const url = at(`ws${query}`);
  url.protocol = url.protocol.replace('http', 'ws');
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  const queue = [];
  let wake = () => {};
  const push = (item) => (queue.push(item), wake());
  socket.onopen = () => push({ open: true });
  socket.onmessage = ({ data }) => push({ data });
  socket.onclose = ({ code, reason }) => push({ code, reason });
  const next = async () => {
    const deadline = performance.now() + 15_000;
    while (queue.length === 0) {
      expect(performance.now() < deadline, 'The WebSocket fell silent');
      await new Promise((resolve) => {
        wake = resolve;
        setTimeout(resolve, 500);
      });
    }
    return queue.shift();
  };
  try {
    expect((await next()).open, 'The WebSocket was refused');
    return await talk(socket, next);
  } finally {
    socket.close();
  }
}

function sockets() {
  return withSocket('', async (socket, next) => {
    const started = performance.now();
    for (const text of ['hello', '', 'ä ✓ 😀'.repeat(10_000)]) {
      socket.send(text);
      expect((await next()).data === text, `A text of ${text.length} characters came back changed`);
    }
    const bytes = new Uint8Array(1 << 20).map((_, index) => index * 7);
    socket.send(bytes);
    const { data } = await next();
    expect(
      data instanceof ArrayBuffer && new Uint8Array(data).every((byte, index) => byte === bytes[index]),
      'A megabyte came back changed',
    );
    return `Text and a megabyte echoed in ${seconds(started).toFixed(2)} s`;
  });
}

const fragments = () =>
  withSocket('?mode=fragment', async (socket, next) => {
    socket.send('one message in three frames');
    expect((await next()).data === 'one message in three frames', 'Fragments were not put together');
    return 'Fragments with pings between them arrive as one message';
  });

const pings = () =>
  withSocket('?mode=ping', async (_, next) => {
    expect((await next()).data === 'pong diagnostics', 'The pong did not come back');
    return "The app's ping was answered";
  });

const closes = () =>
  withSocket('?mode=close&code=4321&reason=done', async (_, next) => {
    const { code, reason } = await next();
    expect(code === 4321 && reason === 'done', `Closed with ${code} "${reason}" instead of 4321 "done"`);
    return 'Close code and reason arrive';
  });

function serverEvents() {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const times = [];
    const source = new EventSource(at('events?count=5&every=0.2'));
    const end = (settle, value) => (source.close(), settle(value));
    source.addEventListener('tick', () => times.push(seconds(started)));
    source.addEventListener('done', () => {
      const spread = times.at(-1) - times[0];
      if (times.length !== 5) end(reject, new Error(`${times.length} of 5 events arrived`));
      else if (spread < 0.4) end(reject, new Error('All events came at once: something on the way buffers them'));
      else end(resolve, `5 events, each when it was sent (over ${spread.toFixed(1)} s)`);
    });
    source.onerror = () => end(reject, new Error('The event stream broke off'));
    setTimeout(() => end(reject, new Error('The event stream fell silent')), 15_000);
  });
}

/** Read a streamed answer for `duration` seconds. Resolves to a sentence; `onPart` hears of every piece. */
export async function longRequest(duration, onPart = () => {}) {
  const started = performance.now();
  const response = await get(at(`stream?seconds=${duration}&every=${Math.min(duration / 6, 5)}`), {
    signal: null,
  });
  const reader = response.body.getReader();
  let [parts, first, text] = [0, null, ''];
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    parts += 1;
    first ??= seconds(started);
    text = (text + new TextDecoder().decode(read.value)).slice(-200);
    onPart(seconds(started));
  }
  expect(/end after/.test(text), `The answer broke off after ${seconds(started).toFixed(1)} s`);
  expect(parts >= 3 && first < duration / 2, 'The answer came in one piece: something on the way buffers it');
  return `${seconds(started).toFixed(1)} s in ${parts} pieces, the first after ${(first * 1000).toFixed(0)} ms`;
}

const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const rate = (bytes, since) => `${(bytes / 1e6 / seconds(since)).toFixed(0)} MB/s`;

async function uploads() {
  const bytes = new Uint8Array(32 << 20).map((_, index) => index * 31 + (index >> 8));
  const started = performance.now();
  const answer = await (await get(at('upload'), { method: 'PUT', body: bytes }, 120_000)).json();
  const speed = rate(bytes.length, started);
  expect(answer.bytes === bytes.length, `${answer.bytes} of ${bytes.length} bytes arrived`);
  // Browsers hash only on https or localhost.
  const hash = globalThis.crypto?.subtle ? hex(await crypto.subtle.digest('SHA-256', bytes)) : null;
  expect(hash === null || hash === answer.sha256, 'The bytes arrived changed');
  return `32 MiB, ${hash ? 'same hash' : 'same size'}, ${speed}`;
}

async function downloads() {
  const size = 64 << 20;
  const started = performance.now();
  const response = await get(at(`download?bytes=${size}`), {}, 120_000);
  const reader = response.body.getReader();
  let count = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) count += read.value.length;
  expect(count === size, `${count} of ${size} bytes arrived`);
  return `64 MiB, ${rate(size, started)}`;
}

async function reachedAs() {
  const { headers } = await (await get(at('echo'))).json();
  const value = (wanted) => headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
  const host = value('host') ?? '';
  expect(host === location.host, `The app sees the host "${host}", the browser "${location.host}"`);
  const forwarded = ['for', 'proto', 'host'].map((part) => [part, value(`x-forwarded-${part}`)]);
  const told = forwarded.filter(([, text]) => text).map(([part, text]) => `${part} ${text}`);
  return `${host}${told.length ? `, forwarded: ${told.join(', ')}` : ', not through a proxy'}`;
}

/** Name and check, in the order of the page. */
export const probes = [
  ['Reached as', reachedAs],
  ['Requests', requests],
  ['Relative links', relativeLinks],
  ['Absolute links', absoluteLinks],
  ['Redirects', redirects],
  ['Console login', credentials],
  ['Cookies', cookies],
  ['WebSocket', sockets],
  ['… fragments', fragments],
  ['… ping and pong', pings],
  ['… close', closes],
  ['Server events', serverEvents],
  ['Streamed answer', () => longRequest(3)],
  ['Upload', uploads],
  ['Download', downloads],
];

/** What the app says about itself. */
export const readReport = async () => (await get(at('api/report'))).json();
