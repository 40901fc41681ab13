import { expect, test } from '@playwright/test';
import { fakeWebui, writeBlueprint } from '@aikore/testing';
import { seriousFindings } from '../support/axe';
import { Console } from '../support/console';
import { useServer } from '../support/servers';

/** What is open, and how to get there from the console at rest. */
const states: Record<string, readonly string[]> = {
  rest: [],
  palette: ['Control+k'],
  'palette with what was typed': ['Control+k', 'a', 'l'],
  shortcuts: ['?'],
  logs: ['l'],
  'a view without an instance': ['v'],
  'tools alone': ['2'],
};

test.describe('axe finds nothing serious in the frame', () => {
  const using = useServer();

  test.beforeAll(async () => {
    const { server } = using;
    await writeBlueprint(server.dataDir, 'Ticker.sh', fakeWebui({ spew: 5 }));
    await server.create({ name: 'alpha', base_blueprint: 'Ticker.sh' });
  });

  for (const theme of ['ink', 'violet', 'carbon', 'light']) {
    test(`in the theme ${theme}`, async ({ page }) => {
      await page.addInitScript((name) => localStorage.setItem('aikore.theme', JSON.stringify(name)), theme);
      // Colours are measured when nothing moves any more.
      await page.emulateMedia({ reducedMotion: 'reduce' });
      await new Console(page, using.server).openLoggedIn();
      for (const [state, keys] of Object.entries(states)) {
        for (const key of keys) await page.keyboard.press(key);
        await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'));
        expect(await seriousFindings(page), state).toEqual([]);
        await page.keyboard.press('Escape');
      }
    });
  }
});
