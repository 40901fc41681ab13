import type { Page } from '@playwright/test';
import axe, { type AxeResults, type RunOptions } from 'axe-core';

const options: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
  resultTypes: ['violations'],
};

/**
 * What axe (WCAG 2.2, A and AA) finds serious or worse on a page as it is now, one line each.
 *
 * @param within selectors of the parts to look at; all of the page when absent
 */
export async function seriousFindings(page: Page, within?: readonly string[]): Promise<string[]> {
  // Through the debugger: the page's own rules (CSP) let no foreign script in.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    ([where, how]) => {
      const { axe: tool } = window as unknown as { axe: { run(where: unknown, how: RunOptions): Promise<AxeResults> } };
      const parts = where?.filter((selector) => document.querySelector(selector));
      return tool.run(parts ? { include: parts.map((selector) => [selector]) } : document, how);
    },
    [within, options] as const,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, failureSummary = '' }) => `${id}: ${help} at ${target.join(' ')}. ${failureSummary}`),
    );
}
