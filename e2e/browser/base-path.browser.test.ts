import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { HostileProxy } from '../hostile-proxy.ts';
import { until } from '../wait.ts';
import { WriterClient } from '../writer-client.ts';
import { Pages } from './open-pages.ts';
import { ADA, callApi, SECRET, tokenOf } from './tokens.ts';

const BASE = '/team/docs';
const PICTURE = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

describe('a server under a base path', { concurrency: 2 }, () => {
  let pages: Pages;
  let admin: string;
  let api: (method: string, path: string, body?: unknown) => Promise<Record<string, unknown>>;
  before(async () => {
    pages = await Pages.open({ INKWIRE_SECRET: SECRET, INKWIRE_BASE_PATH: `${BASE}/`, INKWIRE_TRUSTED_PROXIES: '127.0.0.1' });
    admin = await tokenOf(ADA);
    api = (method, path, body) => callApi(pages.server.url, admin, method, path, body);
  });
  after(() => pages?.close());

  it('[N4] says where it is, and every link in what it answers is there', async () => {
    const { origin, pathname } = new URL(pages.server.url);
    assert.equal(pathname, BASE);
    const headers = { Authorization: `Bearer ${admin}`, 'Content-Type': 'application/json' };
    const made = await fetch(`${pages.server.url}/api/documents`, { method: 'POST', headers, body: JSON.stringify({ name: 'a/b' }) });
    assert.equal(made.headers.get('location'), `${BASE}/api/documents/a%2Fb`);
    const { links } = (await made.json()) as { links: Record<string, string> };
    for (const link of Object.values(links)) assert.equal((await fetch(origin + link, { headers })).ok, link !== links.content, link);
    const form = new FormData();
    form.set('file', new File([PICTURE], 'dot.png', { type: 'image/png' }));
    const uploaded = await fetch(`${origin}${links.self}/assets`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${admin}` },
      body: form,
    });
    const location = uploaded.headers.get('location')!;
    assert.ok(location.startsWith(`${BASE}/api/documents/a%2Fb/assets/`), location);
    assert.equal((await fetch(origin + location, { headers })).status, 200);
    const { url } = (await uploaded.json()) as { url: string };
    await api('PUT', '/api/documents/a%2Fb/content', {
      type: 'doc',
      content: [{ type: 'image', attrs: { src: url } }],
    });
    const linked = await fetch(`${origin}${links.export}?format=markdown&assets=link`, { headers });
    assert.equal(await linked.text(), `![](${origin}${location})\n`);
    const described = (await (await fetch(`${pages.server.url}/api/openapi.json`)).json()) as { servers: { url: string }[] };
    assert.deepEqual(described.servers, [{ url: BASE }]);
  });

  it('[N4] answers a proxy that takes the base path off, and one that leaves it on', async () => {
    const { origin } = new URL(pages.server.url);
    for (const path of ['', BASE]) {
      assert.equal((await fetch(`${origin}${path}/readyz`)).status, 200);
      assert.match(await (await fetch(`${origin}${path}/`)).text(), new RegExp(`src="${BASE}/assets/`));
      const client = new WriterClient(`${origin.replace('http', 'ws')}${path}/collab`, `proxied${path}`, undefined, admin);
      await client.synced();
      client.close();
    }
    assert.equal((await fetch(`${origin}${BASE}x/readyz`)).status, 404);
  });

  it('[N4] the app, its editor, pictures, share links and the page of a problem stay under it', async () => {
    const ada = await pages.visit(BASE);
    const { origin } = new URL(pages.server.url);
    const outside: string[] = [];
    const watch = (page: typeof ada.page) =>
      page.on('request', (request) => {
        const url = new URL(request.url());
        if (url.protocol === 'http:' && url.origin === origin && url.pathname !== BASE && !url.pathname.startsWith(`${BASE}/`))
          outside.push(url.pathname);
      });
    watch(ada.page);
    await ada.page.reload();
    await ada.page.getByLabel('Token').fill(admin);
    await ada.page.keyboard.press('Enter');
    await ada.page.getByRole('button', { name: 'New document' }).first().click();
    await ada.writing();
    assert.match(ada.page.url(), new RegExp(`^${origin}${BASE}/d/`));
    await ada.page.keyboard.type('Under it.');
    await ada.untilWord('Saved');
    assert.equal(await ada.page.evaluate(() => document.querySelector('inkwire-editor')!.transport), 'websocket');
    await ada.page.evaluate((base64) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], 'dot.png', { type: 'image/png' }));
      document
        .querySelector('inkwire-editor')!
        .editor!.view.dom.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    }, PICTURE.toString('base64'));
    const picture = ada.page.locator('inkwire-editor img');
    await until('the picture is shown', () => picture.evaluate((image: HTMLImageElement) => image.naturalWidth > 0).catch(() => false));
    await ada.page.reload();
    await until('the picture is shown', () => picture.evaluate((image: HTMLImageElement) => image.naturalWidth > 0).catch(() => false));

    const name = decodeURIComponent(ada.page.url().split('/').at(-1)!);
    const { url } = (await api('POST', `/api/documents/${encodeURIComponent(name)}/share-links`, { role: 'edit' })) as { url: string };
    assert.ok(url.startsWith(`${BASE}/d/`), url);
    const guest = await pages.visit(url);
    watch(guest.page);
    await guest.page.getByRole('dialog').getByLabel('Your name').fill('Guest');
    await guest.page.keyboard.press('Enter');
    await guest.writing();
    assert.match(await guest.text(), /Under it\./);
    await guest.leave();

    await ada.page.getByRole('link', { name: 'Documents' }).click();
    await ada.page.locator(`[data-name="${name}"]`).waitFor();
    assert.equal(new URL(ada.page.url()).pathname, `${BASE}/`);
    await ada.page.goBack();
    await ada.writing();
    await ada.page.goto(`${BASE}/nowhere`);
    await ada.page.getByText('There is no page here').waitFor();
    await ada.page.getByRole('link', { name: 'All documents' }).click();
    await ada.page.locator(`[data-name="${name}"]`).waitFor();
    await ada.page.goto(`${BASE}/api/docs`);
    await until('its style is there', () => ada.page.evaluate(() => [...document.styleSheets].some(({ cssRules }) => cssRules.length > 5)));
    assert.deepEqual(outside, []);
    await ada.leave();
  });

  it('[N4] [N1] writes over HTTP under it where WebSockets are refused', async (t) => {
    const { origin } = new URL(pages.server.url);
    await api('POST', '/api/documents', { name: 'refused', markdown: 'Before.\n' });
    const proxy = await HostileProxy.start(origin, { refusesUpgrades: true });
    t.after(() => proxy.close());
    const ada = await pages.visit(`${BASE}/d/refused`, { baseURL: proxy.url });
    await ada.page.getByLabel('Token').fill(admin);
    await ada.page.keyboard.press('Enter');
    await ada.writing();
    await ada.select('end');
    await ada.page.keyboard.type(' Over HTTP.');
    await ada.untilWord('Saved');
    assert.equal(await ada.page.evaluate(() => document.querySelector('inkwire-editor')!.transport), 'http');
    assert.equal(await pages.exported('refused', 'markdown', admin), 'Before. Over HTTP.\n');
    await ada.leave();
  });
});
