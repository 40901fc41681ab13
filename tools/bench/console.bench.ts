/**
 * The console in headless Chromium, which shares the machine with the server: how soon its table can be used, and how
 * smooth it stays with 500 instances while their statuses change all the time.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Instance } from '@aikore/contract';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { BenchServer } from './lib/bench-server';
import { type PageLoad, frameTimes, heapInUse, loadConsole, loggedIn, openBrowser } from './lib/console-page';
import { percentile, round, spread, table } from './lib/stats';
import { StatusStorm } from './lib/status-storm';

const rounds = 5;
const rows = 500;
const changesPerSecond = 50;
const stormSeconds = Number(process.env['AIKORE_BENCH_STORM_SECONDS'] ?? 300);
const frameSeconds = 20;

const progress = (text: string): void => void process.stderr.write(`  ${text}\n`);

interface Loads {
  readonly cold: readonly PageLoad[];
  readonly warm: readonly PageLoad[];
}

interface Smoothness {
  readonly idle: readonly number[];
  readonly busy: readonly number[];
  readonly scrolling: readonly number[];
  /** MiB, one each 30 s. */
  readonly heap: readonly number[];
  readonly typing: readonly number[];
}

async function main(): Promise<void> {
  const server = await BenchServer.create();
  const browser = await openBrowser();
  try {
    await createUpTo(server, 20);
    const few = await measureLoads(browser, server);
    await createUpTo(server, rows);
    const many = await measureLoads(browser, server);
    const smooth = await measureSmoothness(browser, server);
    console.log([loadTable(few, many), smoothTable(smooth)].join('\n\n'));
  } finally {
    await browser.close();
    await server.remove();
  }
}

async function createUpTo(server: BenchServer, count: number): Promise<void> {
  progress(`creating ${count} instances`);
  for (let made = (await server.instances()).length; made < count; made++) {
    const body = { name: `Instance ${String(made + 1).padStart(3, '0')}`, base_blueprint: 'Diagnostics.sh' };
    await server.call<Instance>('POST', '/api/instances', { ...body, gpu_ids: String(made % 2) });
  }
}

/** Cold: a profile that has loaded nothing; warm: the same page again. */
async function measureLoads(browser: Browser, server: BenchServer): Promise<Loads> {
  const [cold, warm]: [PageLoad[], PageLoad[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    progress(`loading, round ${round + 1}`);
    const context = await loggedIn(browser, server);
    const page = await context.newPage();
    cold.push(await loadConsole(page, server.url));
    warm.push(await loadConsole(page, server.url));
    await context.close();
  }
  return { cold, warm };
}

async function measureSmoothness(browser: Browser, server: BenchServer): Promise<Smoothness> {
  const context = await loggedIn(browser, server);
  try {
    const storm = await StatusStorm.between(context, await server.instances());
    return await underStorm(context, storm, server);
  } finally {
    await context.close();
  }
}

async function underStorm(context: BrowserContext, storm: StatusStorm, server: BenchServer): Promise<Smoothness> {
  const page = await context.newPage();
  await loadConsole(page, server.url);
  progress('frames at rest');
  const idle = await frameTimes(page, frameSeconds);
  storm.start(changesPerSecond);
  try {
    progress('frames while statuses change');
    const busy = await frameTimes(page, frameSeconds);
    const scrolling = await whileScrolling(page);
    const typing = await typingTimes(page);
    return { idle, busy, scrolling, typing, heap: await heapOverTime(page) };
  } finally {
    storm.stop();
  }
}

async function whileScrolling(page: Page): Promise<number[]> {
  progress('frames while scrolling too');
  await page.mouse.move(700, 300);
  const frames = frameTimes(page, frameSeconds);
  const end = performance.now() + frameSeconds * 1000;
  for (let step = 0; performance.now() < end; step++) {
    await page.mouse.wheel(0, step % 120 < 60 ? 160 : -160);
    await delay(30);
  }
  return frames;
}

/** From a key to the next frame, in a cell, in milliseconds. */
async function typingTimes(page: Page): Promise<number[]> {
  progress('keys');
  const cell = page.locator('[data-field=name]').first();
  await cell.scrollIntoViewIfNeeded();
  await cell.focus();
  await page.evaluate(() => {
    const times: number[] = [];
    Object.assign(window, { keyTimes: times });
    addEventListener('input', ({ timeStamp }) =>
      requestAnimationFrame(() => times.push(performance.now() - timeStamp)),
    );
  });
  for (const key of 'the quick brown fox jumps over the lazy dog') {
    await page.keyboard.press(key === ' ' ? 'Space' : key);
    await delay(60);
  }
  await page.getByTestId('cancel-changes').click();
  return page.evaluate(() => (window as unknown as { keyTimes: number[] }).keyTimes);
}

async function heapOverTime(page: Page): Promise<number[]> {
  const heap = [await heapInUse(page)];
  const end = performance.now() + stormSeconds * 1000;
  while (performance.now() < end) {
    await delay(Math.min(30_000, stormSeconds * 1000));
    heap.push(await heapInUse(page));
    progress(`heap ${round(heap.at(-1) ?? 0, 1)} MiB`);
  }
  return heap;
}

function loadTable(few: Loads, many: Loads): string {
  const line = (name: string, loads: readonly PageLoad[]): string[] => [
    name,
    spread(loads.map(({ paint }) => paint)),
    spread(loads.map(({ usable }) => usable)),
    round(Math.max(...loads.map(({ scripts }) => scripts)) / 1024),
  ];
  return table([
    ['loading the console, ms, median (range)', 'first contentful paint', 'table can be used', 'scripts, KiB sent'],
    line('20 instances, cold', few.cold),
    line('20 instances, warm', few.warm),
    line(`${rows} instances, cold`, many.cold),
    line(`${rows} instances, warm`, many.warm),
  ]);
}

function smoothTable({ idle, busy, scrolling, typing, heap }: Smoothness): string {
  const line = (name: string, times: readonly number[], wanted: string): string[] => [
    name,
    round(percentile(times, 0.5), 1),
    round(percentile(times, 0.95), 1),
    round(percentile(times, 0.99), 1),
    round(Math.max(...times), 1),
    wanted,
  ];
  const first = heap[0] ?? 0;
  const last = heap.at(-1) ?? 0;
  return [
    table([
      [`${rows} instances, 1440×900, ms`, 'p50', 'p95', 'p99', 'most', 'wanted'],
      line('frame, nothing changes', idle, ''),
      line(`frame, ${changesPerSecond} status changes/s`, busy, 'p95 < 50'),
      line(`frame, ${changesPerSecond} status changes/s, scrolling`, scrolling, ''),
      line(`key in a cell → next frame, ${changesPerSecond} status changes/s`, typing, ''),
    ]),
    `Heap in use after a collection, ${stormSeconds} s of ${changesPerSecond} status changes/s: ${round(first, 1)} MiB at first, ` +
      `${round(last, 1)} MiB at the end, ${round(Math.max(...heap), 1)} MiB at most (wanted: flat).`,
  ].join('\n\n');
}

await main();
