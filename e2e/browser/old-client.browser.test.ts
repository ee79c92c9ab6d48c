import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { SCHEMA_VERSION } from '../../document/schema.ts';
import { Pages, type Visitor } from './open-pages.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const TABLE = '| Seed | Weeks |\n| --- | --- |\n| Peas | 10 |\n';

function changed(code: string, what: RegExp, into: string): string {
  assert.notEqual(code.search(what), -1, `nothing matches ${what}`);
  return code.replace(what, into);
}

/** Builds the element as it was before it knew tables; `schemaVersion` is what it says of itself. */
async function buildOldElement(outDir: string, schemaVersion: number): Promise<void> {
  const older: Readonly<Record<string, (code: string) => string>> = {
    'document/schema.ts': (code) =>
      changed(changed(code, /^ {4}Table\w*,\n/gm, ''), /SCHEMA_VERSION = \d+/, `SCHEMA_VERSION = ${schemaVersion}`),
    'document/node-names.ts': (code) => changed(code, /'table', /, ''),
  };
  await build({
    configFile: false,
    logLevel: 'error',
    root: join(ROOT, 'web'),
    plugins: [
      {
        name: 'without-tables',
        enforce: 'pre',
        transform: (code, id) => older[id.slice(ROOT.length)]?.(code) ?? null,
      },
    ],
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2023',
      modulePreload: false,
      rolldownOptions: { input: { inkwire: join(ROOT, 'web/element/define.ts') }, output: { entryFileNames: '[name].js' } },
    },
    experimental: { renderBuiltUrl: () => ({ relative: true }) },
  });
}

describe('an element from before there were tables', () => {
  let pages: Pages;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'inkwire-old-element-'));
    await buildOldElement(join(folder, 'unaware'), SCHEMA_VERSION);
    await buildOldElement(join(folder, 'old'), SCHEMA_VERSION - 1);
    pages = await Pages.open();
  });
  after(async () => {
    await pages?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Opens a document with an element of one of the builds. */
  const openWith = async (built: string, name: string): Promise<Visitor> => {
    const visitor = await pages.visit('/favicon.svg');
    const fromBuild = async (path: string) => ({ contentType: 'text/javascript', body: await readFile(join(folder, built, path)) });
    await visitor.page.route('**/inkwire.js', async (route) => route.fulfill(await fromBuild('inkwire.js')));
    await visitor.page.route('**/assets/*.js', async (route) => {
      const chunk = await fromBuild(new URL(route.request().url()).pathname).catch(() => null);
      return chunk === null ? route.continue() : route.fulfill(chunk);
    });
    await visitor.page.goto(`/d/${name}`);
    return visitor;
  };
  const markdownOf = (name: string) => pages.exported(name, 'markdown');

  for (const [built, what, markdown] of [
    ['unaware', 'finds the table before it binds', `Before.\n\n${TABLE}`],
    ['old', 'is told by the server that the document is of a later schema', 'Before.\n\nPeas.\n'],
  ] as const) {
    it(`${what}: it shows the words, says so, and leaves the document as it is`, async () => {
      const name = `of-later-${built}`;
      await pages.create({ name, markdown });
      const grace = await pages.visit(`/d/${name}`);
      await grace.writing();
      await grace.select(1);
      await grace.page.keyboard.type('Of this version. ');
      await grace.untilWord('Saved');
      await grace.leave();
      const before = await markdownOf(name);
      const ada = await openWith(built, name);
      await ada.untilWord('Update required');
      await ada.page.locator('inkwire-editor').getByText('Before.').waitFor();
      await ada.page.getByText('This document holds content that this version cannot edit').waitFor();
      const area = ada.page.locator('inkwire-editor .ProseMirror');
      assert.equal(await area.getAttribute('contenteditable'), 'false');
      assert.match(await area.innerText(), /Peas/);
      await area.click();
      await ada.page.keyboard.type('typed');
      assert.equal(await markdownOf(name), before);
      assert.deepEqual(ada.complaints, []);
      await ada.leave();
    });
  }

  it('edits what it knows', async () => {
    await pages.create({ name: 'plain', markdown: 'Words.\n' });
    const ada = await openWith('unaware', 'plain');
    await ada.writing();
    await ada.select('end');
    await ada.page.keyboard.type(' More.');
    await ada.untilWord('Saved');
    assert.equal(await markdownOf('plain'), 'Words. More.\n');
    await ada.leave();
  });
});
