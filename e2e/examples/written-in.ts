import assert from 'node:assert/strict';
import type { Pages } from '../browser/open-pages.ts';
import { until } from '../wait.ts';

/** What is in an example's document beforehand: it needs the late chunks for Markdown, formulas and colours of code. */
export const MARKDOWN = 'Words with $x^2$.\n\n```js\nconst x = 1;\n```\n\nThe end.\n';

/**
 * Opens an example and does what a person would: reads, writes, and takes the text out as Markdown. All that is fetched
 * late has to come: toolbar, formulas with their fonts, colours, Markdown. The document is deleted afterwards. `picture` is where to save what it looks like.
 */
export async function assertWrittenIn(pages: Pages, address: string, document: string, picture?: string): Promise<void> {
  await pages.create({ name: document, markdown: MARKDOWN });
  const ada = await pages.visit(address);
  const failed: string[] = [];
  ada.page.on('requestfailed', (request) => failed.push(request.url()));
  ada.page.on('response', (response) => response.status() >= 400 && failed.push(`${response.status()} ${response.url()}`));
  await ada.writing();
  await ada.page.locator('inkwire-editor .katex').waitFor();
  await ada.page.locator('inkwire-editor pre [class*="hljs"]').first().waitFor();
  await until('the fonts of formulas are loaded', () =>
    ada.page.evaluate(() => [...globalThis.document.fonts].some((font) => font.family.includes('KaTeX') && font.status === 'loaded')),
  );
  await ada.select('end');
  await ada.page.keyboard.type(' Or not.');
  await until('it is saved', () => ada.page.evaluate(() => globalThis.document.querySelector('inkwire-editor')!.status.kind === 'saved'));
  assert.equal(await pages.exported(document, 'markdown'), MARKDOWN.replace('The end.', 'The end. Or not.'));
  const told = ada.page.locator('output').last();
  if ((await told.count()) > 0) await until('the page was told', async () => (await told.innerText()) === 'saved');
  const button = ada.page.getByRole('button', { name: 'Show as Markdown' });
  if ((await button.count()) > 0) {
    await button.click();
    await ada.page.getByText('The end. Or not.').last().waitFor();
  } else {
    await ada.page.evaluate(() => globalThis.document.querySelector('inkwire-editor')!.getMarkdown());
  }
  if (picture !== undefined) await ada.page.screenshot({ path: picture, fullPage: true });
  assert.deepEqual(failed, []);
  assert.deepEqual(ada.complaints, []);
  await ada.leave();
  await fetch(`${pages.server.url}/api/documents/${encodeURIComponent(document)}`, { method: 'DELETE' });
}
