import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import WebSocket from 'ws';
import * as Y from 'yjs';
import { until } from '../wait.ts';
import { Pages, type Visitor } from './open-pages.ts';

/** A page of another site, with a policy as strict as ours, that embeds the element. */
async function hostSite(body: (inkwire: string) => string, inkwire: string): Promise<Server> {
  const site = createServer((_request, response) => {
    response.writeHead(200, {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': `default-src 'none'; script-src ${inkwire}; style-src 'self'; font-src ${inkwire}; img-src data:; connect-src ${inkwire.replace('http', 'ws')}`,
    });
    response.end(`<!doctype html><link rel="icon" href="data:,"><title>Host</title>${body(inkwire)}`);
  });
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  return site;
}

describe('<inkwire-editor> on another site', () => {
  let pages: Pages;
  let site: Server;
  before(async () => {
    pages = await Pages.open();
    await pages.create({ name: 'embedded', markdown: 'Embedded **words** and $x^2$.\n' });
    site = await hostSite(
      (inkwire) => `<script type="module" src="${inkwire}/inkwire.js"></script>
        <form><section id="one"><inkwire-editor document="embedded" name="body" label="Article"></inkwire-editor></section></form><section id="two"></section>`,
      pages.server.url,
    );
  });
  after(async () => {
    site?.close();
    await pages?.close();
  });

  const visitHost = async (): Promise<Visitor> => pages.visit(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);

  it('is one tag and one module, under the host’s own policy', async () => {
    const ada = await visitHost();
    const area = await ada.writing();
    await ada.page.locator('inkwire-editor .katex').waitFor();
    assert.equal(await area.getAttribute('aria-label'), 'Article');
    await ada.page.evaluate(() => document.querySelector('inkwire-editor')!.setAttribute('label', 'Story'));
    assert.equal(await area.getAttribute('aria-label'), 'Story');
    await ada.select('end');
    await ada.page.keyboard.type(' More.');
    await until('it is saved', () => ada.page.evaluate(() => document.querySelector('inkwire-editor')!.status.kind === 'saved'));
    assert.equal(await pages.exported('embedded', 'markdown'), 'Embedded **words** and $x^2$. More.\n');
    // The math's fonts come from where the module came from.
    await until('they are loaded', () =>
      ada.page.evaluate(() => [...document.fonts].some((font) => font.family.includes('KaTeX') && font.status === 'loaded')),
    );
    assert.deepEqual(ada.complaints, []);
    await ada.leave();
  });

  it('is small, and whole without another file', async () => {
    const module = await (await fetch(`${pages.server.url}/inkwire.js`)).text();
    assert.ok(gzipSync(module).length <= 200_000, `${gzipSync(module).length} bytes, gzipped`);
    assert.doesNotMatch(module, /(?:^|[;\n}])import\s*[\w${*"'][^;()]*["']\.{0,2}\//);
  });

  it('takes the host’s font, and is submitted with its form', async () => {
    const ada = await visitHost();
    const area = await ada.writing();
    const fonts = await area.evaluate((element) => [getComputedStyle(element).fontFamily, getComputedStyle(document.body).fontFamily]);
    assert.equal(fonts[0], fonts[1]);
    const submitted = await ada.page.evaluate(() => new FormData(document.querySelector('form')!).get('body'));
    assert.match(String(submitted), /<strong>words<\/strong>/);
    await ada.leave();
  });

  it('survives being moved in the page, and tells what happens by events', async () => {
    const ada = await visitHost();
    await ada.writing();
    const [sameDocument, events] = await ada.page.evaluate(async () => {
      const element = document.querySelector('inkwire-editor')!;
      const heard: string[] = [];
      for (const name of ['inkwire-change', 'inkwire-status', 'inkwire-presence']) document.addEventListener(name, () => heard.push(name));
      const before = element.sharedDocument;
      document.querySelector('#two')!.append(element);
      await new Promise((resolve) => setTimeout(resolve));
      element.editor!.commands.insertContent('moved ');
      await new Promise((resolve) => setTimeout(resolve));
      return [element.sharedDocument === before, [...new Set(heard)]] as const;
    });
    assert.equal(sameDocument, true);
    assert.ok(events.includes('inkwire-change') && events.includes('inkwire-status'), String(events));
    await ada.page.evaluate(() => document.querySelector('inkwire-editor')!.remove());
    await until('its people are gone', async () => {
      const list = (await (await fetch(`${pages.server.url}/api/documents/embedded`)).json()) as { present: unknown[] };
      return list.present.length === 0;
    });
    await ada.leave();
  });

  it('asks another tokenProvider the next time, and does not connect anew for it', async () => {
    const ada = await visitHost();
    await ada.writing();
    const asked = await ada.page.evaluate(async () => {
      const element = document.querySelector('inkwire-editor')!;
      const questions: string[] = [];
      const saved = () =>
        new Promise<void>((resolve) => {
          element.addEventListener('inkwire-status', function listen({ detail }) {
            if (detail.kind !== 'saved') return;
            element.removeEventListener('inkwire-status', listen as EventListener);
            resolve();
          });
        });
      const provide = (name: string) => {
        element.tokenProvider = () => {
          questions.push(name);
          return 'guest:Ada';
        };
      };
      // As a template does that shows the status, and makes a function at each render.
      let renders = 0;
      element.addEventListener('inkwire-status', () => {
        renders += 1;
        provide('a render');
      });
      provide('the first');
      await saved();
      element.editor!.commands.insertContent('More. ');
      await saved();
      const before = questions.length;
      provide('the last');
      element.reconnect();
      await saved();
      return { before, after: questions.length, renders };
    });
    assert.equal(asked.before, 1);
    assert.equal(asked.after, 2);
    assert.ok(asked.renders >= 4, `${asked.renders} renders`);
    assert.deepEqual(ada.complaints, []);
    await ada.leave();
  });

  it('shows without editing when it is told to', async () => {
    const ada = await visitHost();
    const area = await ada.writing();
    await ada.page.evaluate(() => document.querySelector('inkwire-editor')!.setAttribute('mode', 'view'));
    await until('it is read-only', async () => (await area.getAttribute('contenteditable')) === 'false');
    await ada.page.getByRole('toolbar').waitFor({ state: 'detached' });
    await ada.page.evaluate(() => document.querySelector('inkwire-editor')!.setAttribute('mode', 'edit'));
    await ada.page.getByRole('toolbar').waitFor();
    await ada.leave();
  });
});

describe('content the schema does not know', () => {
  let pages: Pages;
  before(async () => {
    pages = await Pages.open();
  });
  after(async () => {
    await pages?.close();
  });

  /** Writes as a client of a later version would. */
  async function writeLater(name: string, write: (fragment: Y.XmlFragment) => void): Promise<Y.Doc> {
    const document = new Y.Doc();
    const websocketProvider = new HocuspocusProviderWebsocket({ url: pages.server.collab, WebSocketPolyfill: WebSocket });
    const provider = new HocuspocusProvider({ websocketProvider, name, document, token: 'guest:Later' });
    provider.attach();
    await until('the provider is synced', () => provider.isSynced);
    write(document.getXmlFragment('default'));
    await until('it is saved', () => provider.unsyncedChanges === 0);
    provider.destroy();
    websocketProvider.destroy();
    return document;
  }

  const hologram = (text: string) => (fragment: Y.XmlFragment) => {
    const element = new Y.XmlElement('hologram');
    fragment.push([element]);
    element.push([new Y.XmlText(text)]);
  };

  const stored = async (name: string): Promise<string> => {
    const document = new Y.Doc();
    const response = await fetch(`${pages.server.url}/api/documents/${name}/export?format=yjs`);
    Y.applyUpdate(document, new Uint8Array(await response.arrayBuffer()));
    return document.getXmlFragment('default').toString();
  };

  it('is shown for reading and left in the document', async () => {
    await pages.create({ name: 'later', markdown: 'Known words.\n' });
    await writeLater('later', hologram('Words from the future.'));
    const ada = await pages.visit('/d/later');
    await ada.untilWord('Update required');
    await ada.page.getByText('Words from the future.').waitFor();
    await ada.page.locator('inkwire-editor').getByText('This document holds content that this version cannot edit').waitFor();
    assert.equal(await ada.page.locator('inkwire-editor .ProseMirror').getAttribute('contenteditable'), 'false');
    assert.match(await stored('later'), /<hologram>Words from the future\.<\/hologram>/);
    await ada.leave();
  });

  it('takes an open editor off the document before it can delete it', async () => {
    await pages.create({ name: 'meanwhile', markdown: 'Known words.\n' });
    const ada = await pages.visit('/d/meanwhile');
    await ada.writing();
    await writeLater('meanwhile', hologram('Words from the future.'));
    await ada.untilWord('Update required');
    await ada.page.getByText('Words from the future.').waitFor();
    await writeLater('meanwhile', hologram('And more.'));
    await ada.page.getByText('And more.').waitFor();
    assert.match(await stored('meanwhile'), /Known words\..*Words from the future\..*And more\./);
    assert.deepEqual(ada.complaints, []);
    await ada.leave();
  });
});
