import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { Pages } from '../browser/open-pages.ts';
import { SECRET, tokenOf } from '../browser/tokens.ts';
import { until } from '../wait.ts';
import { Example, type Served } from './example.ts';
import { serveFolder } from './static-site.ts';

/** A binding, and how a person writes in it and reads it. */
const BINDINGS: readonly {
  page: string;
  area: string;
  write(page: Page, words: string): Promise<void>;
  read(page: Page): Promise<string>;
}[] = [
  ...[
    ['codemirror', '.cm-content'],
    ['quill', '.ql-editor'],
    ['prosemirror', '.ProseMirror'],
  ].map(([page = '', area = '']) => ({
    page,
    area,
    write: async (tab: Page, words: string) => {
      await tab.locator(area).click();
      await tab.keyboard.type(words);
    },
    // Carets of others have their names in it, behind a mark that nobody sees.
    read: (tab: Page) =>
      tab.locator(area).evaluate((element) => {
        const copy = element.cloneNode(true) as HTMLElement;
        for (const caret of copy.querySelectorAll('.cm-ySelectionInfo, .cm-ySelectionCaret, .ProseMirror-yjs-cursor')) caret.remove();
        return (copy.textContent ?? '').replaceAll(/[\u2060\u200b\ufeff]/g, '');
      }),
  })),
  {
    page: 'canvas',
    area: 'canvas',
    write: async (tab, words) => {
      for (const [at] of [...words].entries()) await tab.locator('canvas').click({ position: { x: 20 + 10 * at, y: 30 } });
    },
    read: (tab) => tab.locator('canvas').evaluate((canvas: HTMLCanvasElement) => canvas.dataset.dots ?? ''),
  },
];

describe('bindings of other editors', () => {
  let pages: Pages;
  let folder: string;
  let site: Served;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'inkwire-bindings-'));
    const example = await Example.install('yjs-bindings', folder, '');
    await example.run('check');
    await example.run('build');
    site = await serveFolder(join(example.folder, 'dist'));
    pages = await Pages.open({ INKWIRE_SECRET: SECRET, INKWIRE_ORIGINS: site.address });
  });
  after(async () => {
    await site?.stop();
    await pages?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  for (const { page, area, write, read } of BINDINGS) {
    it(`[Y1] [Y2] ${page}: two write together, a kill loses nothing, and a viewer writes nothing`, async () => {
      const visit = async (role: 'edit' | 'view') => {
        const query = new URLSearchParams({
          server: pages.server.url,
          token: await tokenOf({ sub: crypto.randomUUID(), name: role, access: { '*': role } }),
        });
        const { page: tab } = await pages.visit(`${site.address}/${page}.html?${query}`);
        await tab.getByText('Saved', { exact: true }).waitFor();
        await tab.locator(area).first().waitFor();
        return tab;
      };
      const [ada, bob, victor] = [await visit('edit'), await visit('edit'), await visit('view')];
      const alike = async (of: readonly Page[], holds: (text: string) => boolean) => {
        await until('all show the same', async () => {
          const texts = await Promise.all(of.map(read));
          return holds(texts[0]!) && texts.every((each) => each === texts[0]);
        });
      };
      const isCanvas = page === 'canvas';
      await write(ada, 'one');
      await alike([ada, bob, victor], (text) => (isCanvas ? text === '3' : text.includes('one')));
      await ada.getByText('Saved', { exact: true }).waitFor();
      await pages.server.kill9();
      await write(ada, 'two');
      await pages.server.start();
      await alike([ada, bob, victor], (text) => (isCanvas ? Number(text) >= 4 : text.includes('two')));
      const before = await read(ada);
      await write(victor, 'mine');
      await victor.getByText('You may only read').waitFor();
      await write(bob, 'end');
      await alike([ada, bob], (text) => (isCanvas ? Number(text) > Number(before) : text.includes('end')));
      if (!isCanvas) assert.ok(!(await read(ada)).includes('mine'));
      for (const tab of [ada, bob, victor]) await tab.context().close();
    });
  }
});
