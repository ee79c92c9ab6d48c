import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { HostileProxy, type Malice } from '../hostile-proxy.ts';
import { until } from '../wait.ts';
import { Pages, type Visitor } from './open-pages.ts';

/** From the refusal of a WebSocket until HTTP is tried, ms: at once, but for what a busy machine adds. */
const FALL_BACK_MS = 3_000;

describe('an editor where WebSockets do not work', { concurrency: 2 }, () => {
  let pages: Pages;
  before(async () => {
    pages = await Pages.open();
  });
  after(() => pages?.close());

  const transportOf = (visitor: Visitor) => visitor.page.evaluate(() => document.querySelector('inkwire-editor')!.transport);
  const text = (visitor: Visitor) => visitor.page.evaluate(() => document.querySelector('inkwire-editor')!.editor?.getText() ?? '');

  const behind = async (t: TestContext, name: string, malice: Malice, guest = 'Ada'): Promise<[Visitor, HostileProxy]> => {
    const proxy = await HostileProxy.start(pages.server.url, malice);
    t.after(() => proxy.close());
    const visitor = await pages.visit(`/d/${name}`, { baseURL: proxy.url, guest });
    return [visitor, proxy];
  };

  for (const [what, name, malice] of [
    ['refuses them', 'refused', { refusesUpgrades: true }],
    ['takes them and swallows what they carry', 'swallowed', { swallowsSockets: true }],
    ['refuses them and hands on answers when they are whole', 'buffered', { refusesUpgrades: true, buffers: true }],
    ['refuses them and cuts every connection', 'cut', { refusesUpgrades: true, cutsAfterMs: 2_000 }],
  ] as const) {
    it(`[N1] [N3] writes over HTTP through a proxy that ${what}, beside somebody with a WebSocket`, async (t) => {
      await pages.create({ name, markdown: 'Before.\n' });
      const [ada] = await behind(t, name, malice);
      const bob = await pages.visit(`/d/${name}`, { guest: 'Bob' });
      await Promise.all([ada.writing(), bob.writing()]);
      await until('ada is there over HTTP', async () => (await transportOf(ada)) === 'http');
      // A busy machine may have kept his WebSocket waiting for so long that he began over HTTP: he goes up then.
      await until('bob has a WebSocket', async () => (await transportOf(bob)) === 'websocket');
      for (const [visitor, words] of [
        [ada, ' From ada.'],
        [bob, ' From bob.'],
      ] as const) {
        await visitor.select('end');
        await visitor.page.keyboard.type(words);
        await visitor.untilWord('Saved');
      }
      await until('both have both', async () => {
        const texts = await Promise.all([text(ada), text(bob)]);
        return texts.every((each) => each.includes('From ada.') && each.includes('From bob.') && each === texts[0]);
      });
      await until('bob sees ada', () => bob.page.evaluate(() => document.querySelector('inkwire-editor')!.users.length === 2));
      await bob.page.context().close();
      await ada.page.context().close();
    });
  }

  it('[N3] falls back within three seconds, and remembers it for the next page', async (t) => {
    await pages.create({ name: 'soon', markdown: 'Before.\n' });
    const [ada, proxy] = await behind(t, 'soon', { refusesUpgrades: true });
    await ada.writing();
    const ms = proxy.firstLinkAt! - proxy.firstUpgradeAt!;
    t.diagnostic(`HTTP was tried ${Math.round(ms)} ms after a WebSocket was refused`);
    assert.ok(ms < FALL_BACK_MS, `${ms} ms`);
    const { upgrades } = proxy;
    await ada.page.reload();
    await ada.writing();
    assert.equal(await transportOf(ada), 'http');
    assert.equal(proxy.upgrades, upgrades, 'no WebSocket was tried first');
    await ada.page.context().close();
  });

  it('[N3] goes up again when WebSockets work, and the writer keeps writing', async (t) => {
    await pages.create({ name: 'up', markdown: 'Before.\n' });
    const [ada, proxy] = await behind(t, 'up', { refusesUpgrades: true });
    await ada.writing();
    await until('over HTTP', async () => (await transportOf(ada)) === 'http');
    proxy.malice = {};
    await ada.select('end');
    let typed = '';
    while ((await transportOf(ada)) !== 'websocket') {
      await ada.page.keyboard.type('x');
      typed += 'x';
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.ok(typed.length < 2_000, 'it never went up');
    }
    for (let at = 0; at < 10; at++) {
      await ada.page.keyboard.type('y');
      typed += 'y';
    }
    await ada.untilWord('Saved');
    assert.equal(await text(ada), `Before.${typed}`);
    assert.equal((await pages.exported('up', 'text')).trim(), `Before.${typed}`);
    await ada.page.context().close();
  });

  it('says which way it goes', async (t) => {
    await pages.create({ name: 'said', markdown: 'Before.\n' });
    const [ada] = await behind(t, 'said', { refusesUpgrades: true });
    await ada.writing();
    await ada.untilWord('Saved');
    await ada.page.locator('button.status').click();
    await ada.page.getByText('Connected over HTTP').waitFor();
    await ada.page.context().close();
  });
});
