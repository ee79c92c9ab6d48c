import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Visitor } from './open-pages.ts';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds that is serious or critical, one line each. */
export async function faults({ page }: Visitor): Promise<string[]> {
  // Through the debugger, which the page's policy does not bind as it does the page.
  await page.evaluate(axe);
  const results = await page.evaluate(() => (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run());
  return (
    results.violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      // In text that is edited the cursor scrolls its block, and a tab stop there would keep Tab from leaving the editor.
      .filter(({ id }) => id !== 'scrollable-region-focusable')
      .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`))
  );
}
