import { defineConfig } from '@playwright/test';

/** Debian's Chromium. It may not reach out by itself, and needs no user namespace (root in a container). */
const chromium = {
  executablePath: process.env['AIKORE_TEST_CHROMIUM'] ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

export default defineConfig({
  outputDir: '../../test-results',
  reporter: [['list']],
  // A server starts in a second; on a machine with other work it may take ten.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  retries: 0,
  workers: 2,
  forbidOnly: !!process.env['CI'],
  use: { trace: 'retain-on-failure' },
  projects: [
    { name: 'api', testDir: './src/api' },
    {
      name: 'browser',
      testDir: './src/browser',
      use: {
        browserName: 'chromium',
        launchOptions: chromium,
        viewport: { width: 1440, height: 900 },
        screenshot: 'only-on-failure',
      },
    },
  ],
});
