import { type Browser, type BrowserContext, type Page, chromium } from '@playwright/test';
import { type BenchServer, benchLogin } from './bench-server';

/** Debian's Chromium, as in apps/e2e; the frames that nobody sees are made at the pace of a screen all the same. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env['AIKORE_TEST_CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-sync'],
  });

/** A browser profile that is logged in and has loaded nothing yet. */
export async function loggedIn(browser: Browser, server: BenchServer): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const answer = await context.request.post(`${server.url}/api/auth/login`, {
    data: benchLogin,
    headers: { 'x-aikore': '1' },
  });
  if (!answer.ok()) throw new Error(`The login failed: ${answer.status()} ${await answer.text()}`);
  // The bundler keeps the names of functions with a helper that a page does not have.
  await context.addInitScript('globalThis.__name = (made) => made');
  await context.addInitScript(markUsable);
  return context;
}

/** In the page: when the first row with cells is there. */
function markUsable(): void {
  const found = (): boolean => {
    if (!document.querySelector('[role=row][data-id] [data-field=name]')) return false;
    requestAnimationFrame(() => performance.mark('table-usable'));
    return true;
  };
  const observer = new MutationObserver(() => {
    if (found()) observer.disconnect();
  });
  observer.observe(document, { childList: true, subtree: true });
}

export interface PageLoad {
  /** Milliseconds from the navigation's start. */
  readonly paint: number;
  readonly usable: number;
  /** Bytes that went over the wire for scripts. */
  readonly scripts: number;
}

/** Loads the console in a page. */
export async function loadConsole(page: Page, url: string): Promise<PageLoad> {
  await page.goto(url);
  await page.waitForFunction(() => performance.getEntriesByName('table-usable').length > 0);
  return page.evaluate(() => {
    const at = (name: string): number => performance.getEntriesByName(name)[0]?.startTime ?? Number.NaN;
    const files = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
    const scripts = files.filter(({ name }) => new URL(name).pathname.endsWith('.js'));
    return {
      paint: at('first-contentful-paint'),
      usable: at('table-usable'),
      scripts: scripts.reduce((sum, { transferSize }) => sum + transferSize, 0),
    };
  });
}

/** Records the time between frames for so many seconds. @returns milliseconds */
export const frameTimes = (page: Page, seconds: number): Promise<number[]> =>
  page.evaluate(
    (ms) =>
      new Promise<number[]>((resolve) => {
        const times: number[] = [];
        const began = performance.now();
        let last = began;
        const frame = (now: number): void => {
          times.push(now - last);
          last = now;
          if (now - began < ms) requestAnimationFrame(frame);
          else resolve(times.slice(1));
        };
        requestAnimationFrame(frame);
      }),
    seconds * 1000,
  );

/** MiB of JavaScript objects that are still in use. */
export async function heapInUse(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize / 1024 ** 2;
}
