import { test } from '@playwright/test';
import { TestServer, type TestServerOptions } from '@aikore/testing';

/** What the server writes when something went wrong that nobody asked for. */
const alarms = /unhandled|uncaught|\bFATAL\b|\bERROR \[|DeprecationWarning|MaxListenersExceeded/i;

/** Lines of a server's output that no test should cause. */
export const alarmsIn = (output: string): string[] => output.split('\n').filter((line) => alarms.test(line));

/**
 * One server with an admin for all tests of a file. What it wrote is attached to a test that fails. Disposing of it
 * fails when an instance left a process behind.
 */
export function useServer(options: TestServerOptions & { blank?: boolean } = {}): { readonly server: TestServer } {
  let current: TestServer | null = null;
  test.beforeAll(async () => {
    current = options.blank ? await TestServer.start(options) : await TestServer.startSetUp(options);
  });
  test.afterEach(async ({}, info) => {
    if (info.status !== info.expectedStatus && current) {
      await info.attach('server output', { body: current.output.slice(-100_000), contentType: 'text/plain' });
    }
  });
  test.afterAll(async () => {
    await current?.dispose();
    current = null;
  });
  return {
    get server() {
      if (!current) throw new Error('The server is there only while tests run.');
      return current;
    },
  };
}

/** Figures are part of the result: they are printed, and kept with the test. */
export function note(name: string, value: string | number): void {
  const text = typeof value === 'number' ? `${Math.round(value)} ms` : value;
  test.info().annotations.push({ type: name, description: text });
  process.stdout.write(`    figure: ${name} ${text}\n`);
}
