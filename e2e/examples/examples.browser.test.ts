import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root } from '../../launch/node.mjs';
import { Pages } from '../browser/open-pages.ts';
import { until } from '../wait.ts';
import { Example } from './example.ts';
import { packEditor } from './packed.ts';
import { REACT_PROBE } from './react-probe.ts';
import { serveFolder } from './static-site.ts';
import { assertWrittenIn } from './written-in.ts';

describe('the examples', () => {
  let pages: Pages;
  let folder: string;
  let react: Example;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'inkwire-examples-'));
    [pages, react] = await Promise.all([
      Pages.open(),
      packEditor(folder).then((tarball) => Example.install('react-vite', folder, tarball)),
    ]);
  });
  after(async () => {
    await pages?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('plain HTML is written in, on an origin of its own', async () => {
    const site = await serveFolder(join(root, 'examples/plain-html'), (page) => page.replaceAll('http://127.0.0.1:8787', pages.server.url));
    try {
      await assertWrittenIn(pages, `${site.address}/`, 'examples/plain');
    } finally {
      await site.stop();
    }
  });

  it('the first page of docs/embedding.md is written in as it is copied', async () => {
    const [page = ''] = blocksOf('docs/embedding.md', 'html');
    writeFileSync(join(folder, 'page.html'), page);
    const site = await serveFolder(folder, (text) => text.replaceAll('http://127.0.0.1:8787', pages.server.url));
    try {
      await assertWrittenIn(pages, `${site.address}/page.html`, 'team/plan');
    } finally {
      await site.stop();
    }
  });

  it('React with Vite has types that check, is built, finds its late chunks and is written in', async () => {
    const documented = [...blocksOf('README.md', 'tsx'), ...blocksOf('docs/embedding.md', 'tsx')];
    assert.equal(documented.length, 2);
    documented.forEach((text, index) => {
      writeFileSync(join(react.folder, `src/documented-${index}.tsx`), text);
    });
    await react.run('check');
    await react.run('build', { VITE_INKWIRE_SERVER: pages.server.url });
    const site = await serveFolder(join(react.folder, 'dist'));
    try {
      await assertWrittenIn(pages, `${site.address}/`, 'examples/react');
    } finally {
      await site.stop();
    }
  });

  it('a React component follows its props, hears by its latest handlers and connects once', async () => {
    await pages.create({ name: 'first', markdown: 'The first.\n' });
    await pages.create({ name: 'second', markdown: 'The second.\n' });
    writeFileSync(join(react.folder, 'src/main.tsx'), REACT_PROBE);
    await react.run('check');
    await react.run('build', {}, ['--outDir', 'probe']);
    const site = await serveFolder(join(react.folder, 'probe'));
    try {
      const ada = await pages.visit(`${site.address}/`);
      const { url: server } = pages.server;
      const render = (props: object) => ada.page.evaluate((all) => window.probe.render(all), { server, document: 'first', ...props });
      await render({ className: 'mine', label: 'Article' });
      const area = await ada.writing();
      await ada.untilText('The first.');
      assert.equal(await area.getAttribute('aria-label'), 'Article');
      assert.equal(await ada.page.locator('inkwire-editor').getAttribute('class'), 'mine');
      await ada.page.getByText('In a slot').waitFor();

      // Another function at each render is no other token: nothing connects anew, and a later question goes to the latest.
      await render({ readOnly: true });
      await until('it is read-only', async () => (await area.getAttribute('contenteditable')) === 'false');
      assert.equal(await ada.page.locator('inkwire-editor').getAttribute('class'), null);
      assert.deepEqual(await ada.page.evaluate(() => window.probe.asked), ['1 first']);
      await ada.page.evaluate(() => window.probe.ref.current!.reconnect());
      await until('the latest function was asked', () => ada.page.evaluate(() => window.probe.asked.join() === '1 first,2 first'));

      await render({ document: 'second' });
      await ada.untilText('The second.');
      await until('it is saved', () => ada.page.evaluate(() => window.probe.told.includes('3 saved inkwire-status')));
      assert.ok(await ada.page.evaluate(() => window.probe.told.includes('1 ready true')));
      await ada.page.evaluate(() => window.probe.unmount());
      await until('nobody is in it', async () => {
        const { present } = (await (await fetch(`${server}/api/documents/second`)).json()) as { present: unknown[] };
        return present.length === 0;
      });
      assert.deepEqual(ada.complaints, []);
      await ada.leave();
    } finally {
      await site.stop();
    }
  });

  it('the package has no dependencies, and on a server its modules define nothing, fetch nothing and render the tag', () => {
    const installed = join(react.folder, 'node_modules/@inkwire/editor');
    const { dependencies, version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    assert.equal(dependencies, undefined);
    assert.equal(version, JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version);
    writeFileSync(
      join(react.folder, 'rendered.mjs'),
      `import { InkwireEditorElement } from '@inkwire/editor';
       import { InkwireEditor } from '@inkwire/editor/react';
       import { createElement } from 'react';
       import { renderToString } from 'react-dom/server';
       const props = { server: 'https://docs.example.com', document: 'a', readOnly: true, guestName: 'Ada', className: 'b', onStatus() {} };
       // Where no condition says that there is no page, the element's own module is read, and is harmless.
       const { InkwireEditorElement: whole } = await import('./node_modules/@inkwire/editor/editor.js');
       console.log(JSON.stringify([typeof InkwireEditorElement, typeof whole, renderToString(createElement(InkwireEditor, props))]));`,
    );
    const output = execFileSync(process.execPath, [join(react.folder, 'rendered.mjs')], { encoding: 'utf8' });
    assert.deepEqual(JSON.parse(output), [
      'function',
      'function',
      '<inkwire-editor server="https://docs.example.com" document="a" readonly="" guest-name="Ada" class="b"></inkwire-editor>',
    ]);
  });

  it('a component that is imported and not used is not in the build', async () => {
    writeFileSync(
      join(react.folder, 'src/main.tsx'),
      `import { InkwireEditor } from '@inkwire/editor/react';\nvoid 'not used';\nexport {};\n`,
    );
    await react.run('build', {}, ['--outDir', 'unused']);
    const built = readdirSync(join(react.folder, 'unused/assets')).map((name) => readFileSync(join(react.folder, 'unused/assets', name)));
    assert.ok(built.length > 0 && Buffer.concat(built).length < 5_000, `${Buffer.concat(built).length} bytes in ${built.length} files`);
    assert.doesNotMatch(Buffer.concat(built).toString(), /inkwire-editor/);
  });

  it('an element of the package that names no server says so, and opens its document once it does', async () => {
    await pages.create({ name: 'named later', markdown: 'Here it is.\n' });
    writeFileSync(
      join(folder, 'index.html'),
      `<!doctype html><link rel="icon" href="data:,"><script type="module" src="react-vite/node_modules/@inkwire/editor/editor.js"></script>
       <inkwire-editor document="named later"></inkwire-editor><script>document.querySelector('inkwire-editor').label = 'Set early';</script>`,
    );
    const site = await serveFolder(folder);
    try {
      const ada = await pages.visit(`${site.address}/`);
      await ada.page.locator('inkwire-editor').getByText('Name one: <inkwire-editor server="https://docs.example.com"').waitFor();
      assert.match(ada.complaints.join(), /uncaught: TypeError: <inkwire-editor> has no server to connect to/);
      ada.complaints.length = 0;
      await ada.page.evaluate((server) => {
        document.querySelector('inkwire-editor')!.server = server;
      }, pages.server.url);
      const area = await ada.writing();
      await ada.untilText('Here it is.');
      assert.equal(await area.getAttribute('aria-label'), 'Set early');
      await ada.page.locator('inkwire-editor').getByText('Name one').waitFor({ state: 'hidden' });
      assert.deepEqual(ada.complaints, []);
      await ada.leave();
    } finally {
      await site.stop();
    }
  });
});

/** The blocks of code of a page that are in a language. */
function blocksOf(page: string, language: string): string[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\``, 'gm'))].map(([, block = '']) => block);
}
