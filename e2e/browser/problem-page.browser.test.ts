import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Pages } from './open-pages.ts';

describe('an address that leads nowhere', () => {
  let pages: Pages;
  before(async () => {
    pages = await Pages.open();
  });
  after(async () => {
    await pages?.close();
  });

  for (const [look, options] of Object.entries({
    light: { colorScheme: 'light' },
    dark: { colorScheme: 'dark' },
    phone: { colorScheme: 'light', viewport: { width: 390, height: 780 } },
  } as const)) {
    it(`is a page in the look of the app, ${look}`, async () => {
      const ada = await pages.visit(`/nope/${'x'.repeat(300)}`, { ...options, reducedMotion: 'reduce' });
      await ada.page.getByRole('heading', { name: 'There is no page here' }).waitFor();
      await ada.page.evaluate(() => document.fonts.ready);
      const [ground, font] = await ada.page.evaluate(() => {
        const { backgroundColor } = getComputedStyle(document.documentElement);
        return [backgroundColor, getComputedStyle(document.querySelector('h1')!).fontFamily];
      });
      assert.equal(ground, look === 'dark' ? 'rgb(22, 21, 19)' : 'rgb(251, 250, 247)');
      assert.match(font!, /^"Inter Variable"/);
      assert.ok(await ada.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing is cut off');
      await ada.leave();
    });
  }

  it('tells a browser that is too old for the app so, and which would do', async () => {
    const ada = await pages.visit('/');
    await ada.page.addInitScript(() => {
      // @ts-expect-error: a browser of 2023 has none.
      delete Promise.withResolvers;
    });
    await ada.page.goto('/d/anything');
    await ada.page.getByRole('heading', { name: 'This browser is too old' }).waitFor();
    await ada.page.getByText('Chrome or Edge 123, Firefox 125, Safari 17.5').waitFor();
    assert.deepEqual(ada.complaints, []);
    await ada.leave();
  });

  it('leads to the documents by the keyboard', async () => {
    const ada = await pages.visit('/d/not/a/name');
    await ada.page.getByRole('link', { name: 'All documents' }).waitFor();
    await ada.page.keyboard.press('Tab');
    await ada.page.keyboard.press('Tab');
    await ada.page.keyboard.press('Enter');
    await ada.page.getByRole('link', { name: /Welcome/ }).waitFor();
    await ada.leave();
  });
});
