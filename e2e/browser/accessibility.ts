import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { faults } from './axe.ts';
import { Pages } from './open-pages.ts';
import { ADA, SECRET, tokenOf } from './tokens.ts';

/** How somebody looks at the pages: colours do not follow the device, nor places the colours. */
export type Look = readonly [colors: 'light' | 'dark', device: 'desk' | 'phone'];

const SIZES = { desk: { width: 1280, height: 860 }, phone: { width: 360, height: 700 } } as const;

// A colour half way through a fade is neither the one before nor the one after.
const still = { reducedMotion: 'reduce' } as const;
/** The tests of what axe and the keyboard find, in each of the looks. */
export function accessibility(looks: readonly Look[]): void {
  describe('accessibility', () => pagesOfOneself(looks));
  describe('accessibility of access', () => pagesOfAccess(looks));
}

function pagesOfOneself(looks: readonly Look[]): void {
  let pages: Pages;
  before(async () => {
    pages = await Pages.open();
    await pages.create({ name: 'plan', title: 'Plan for spring', markdown: '# Plan\n\nSow **early**.\n' });
  });
  after(async () => {
    await pages?.close();
  });

  for (const [colorScheme, device] of looks) {
    const viewport = SIZES[device];
    it(`nothing serious on the documents page, ${colorScheme}, ${device}`, async () => {
      const ada = await pages.visit('/', { ...still, colorScheme, viewport });
      await ada.page.getByRole('link', { name: /Plan for spring/ }).waitFor();
      assert.deepEqual(await faults(ada), []);
      await ada.leave();
    });

    it(`nothing serious on the page of an address that leads nowhere, ${colorScheme}, ${device}`, async () => {
      const ada = await pages.visit('/nope', { ...still, colorScheme, viewport });
      await ada.page.getByRole('heading', { name: 'There is no page here' }).waitFor();
      assert.deepEqual(await faults(ada), []);
      await ada.leave();
    });

    it(`nothing serious on the document page, ${colorScheme}, ${device}`, async () => {
      const ada = await pages.visit('/d/welcome', { ...still, colorScheme, viewport, guest: 'Ada' });
      const grace = await pages.visit('/d/welcome', { guest: 'Grace' });
      await ada.writing();
      await grace.writing();
      await ada.page.locator('inkwire-editor .caret').first().waitFor();
      await ada.untilWord('Saved');
      assert.deepEqual(await faults(ada), []);
      assert.deepEqual(ada.complaints, []);
      await grace.leave();
      await ada.leave();
    });
  }

  for (const colorScheme of new Set(looks.map(([colors]) => colors))) {
    it(`nothing serious in menus and dialogs, ${colorScheme}`, async () => {
      const ada = await pages.visit('/d/plan', { ...still, colorScheme });
      await ada.writing();
      for (const open of [
        () => ada.page.getByRole('button', { name: 'Document menu' }).click(),
        () => ada.page.getByRole('button', { name: /Block type/ }).click(),
        () => ada.page.getByRole('button', { name: 'Link' }).click(),
      ]) {
        await open();
        await ada.page.locator('.floating').waitFor();
        assert.deepEqual(await faults(ada), []);
        await ada.page.keyboard.press('Escape');
        await ada.page.locator('.floating').waitFor({ state: 'detached' });
      }
      await ada.page.getByRole('button', { name: 'Share', exact: true }).click();
      await ada.page.getByRole('heading', { name: 'Only this machine can open it' }).waitFor();
      assert.deepEqual(await faults(ada), []);
      await ada.page.keyboard.press('Escape');
      await ada.select('end');
      await ada.page.keyboard.type(' /');
      await ada.page.getByRole('listbox').waitFor();
      assert.deepEqual(await faults(ada), []);
      await ada.leave();
    });
  }

  it('nothing reaches past the edge of a phone', async () => {
    for (const path of ['/', '/d/welcome']) {
      const ada = await pages.visit(path, { viewport: { width: 360, height: 700 } });
      if (path === '/') await ada.page.getByRole('link', { name: /Welcome/ }).waitFor();
      else await ada.writing();
      assert.equal(await ada.page.evaluate(() => document.documentElement.scrollWidth), 360, path);
      const sheet = ada.page.locator('inkwire-editor p').first();
      if (path !== '/') assert.ok((await sheet.boundingBox())!.width < 360);
      await ada.leave();
    }
  });

  it('the status stays in sight on a phone, and the toolbar is walked beside it', async () => {
    const ada = await pages.visit('/embed/welcome', { ...still, viewport: { width: 375, height: 700 } });
    await ada.writing();
    const word = ada.page.getByText('Saved', { exact: true }).and(ada.page.locator('[part=status]'));
    await word.waitFor();
    const { x: edge, width } = (await word.boundingBox())!;
    assert.ok(edge > 0 && edge + width <= 375, `from ${edge}, ${width} wide`);
    assert.deepEqual(await faults(ada), []);
    const tools = ada.page.getByRole('toolbar').getByRole('button');
    await tools.first().focus();
    for (const tool of await tools.all()) {
      const box = (await tool.boundingBox())!;
      assert.equal(await tool.evaluate((button) => button.matches(':focus')), true);
      assert.ok(box.x >= 0 && box.x + box.width <= edge, `${await tool.getAttribute('aria-label')} is out of sight at ${box.x}`);
      await ada.page.keyboard.press('ArrowRight');
    }
    await ada.leave();
  });

  it('blocks of text run the way their words do', async () => {
    const ada = await pages.visit(`/d/${crypto.randomUUID()}`);
    await ada.writing();
    await ada.page.keyboard.type('left');
    await ada.page.keyboard.press('Enter');
    await ada.page.keyboard.type('مرحبا');
    const directions = await ada.page
      .locator('inkwire-editor p')
      .evaluateAll((blocks) => blocks.map((block) => getComputedStyle(block).direction));
    assert.deepEqual(directions, ['ltr', 'rtl']);
    await ada.leave();
  });

  it('nothing moves for those who asked for stillness', async () => {
    const ada = await pages.visit('/d/plan', { reducedMotion: 'reduce' });
    await ada.writing();
    await ada.page.getByRole('button', { name: 'Document menu' }).click();
    await ada.page.locator('.floating').waitFor();
    const seconds = await ada.page.locator('.floating').evaluate((surface) => getComputedStyle(surface).animationDuration);
    assert.equal(Number.parseFloat(seconds), 0);
    await ada.leave();
  });
}

function pagesOfAccess(looks: readonly Look[]): void {
  let pages: Pages;
  before(async () => {
    pages = await Pages.open({ INKWIRE_SECRET: SECRET });
    await pages.create({ name: 'plan', title: 'Plan for spring', markdown: '# Plan\n\nSow **early**.\n' }, await tokenOf(ADA));
  });
  after(async () => {
    await pages?.close();
  });

  for (const [colorScheme, device] of looks) {
    const viewport = SIZES[device];
    it(`nothing serious in signing in, sharing and visiting, ${colorScheme}, ${device}`, async () => {
      const ada = await pages.visit('/d/plan', { ...still, colorScheme, viewport });
      await ada.page.getByLabel('Token').fill('nonsense');
      await ada.page.keyboard.press('Enter');
      await ada.page.getByText('This server does not know that token.').waitFor();
      assert.deepEqual(await faults(ada), []);
      await ada.page.getByLabel('Token').fill(await tokenOf(ADA));
      await ada.page.keyboard.press('Enter');
      await ada.writing();

      const share = ada.page.getByRole('button', { name: 'Share', exact: true });
      await share.focus();
      await ada.page.keyboard.press('Enter');
      await ada.page.keyboard.press('Enter');
      const link = ada.page.getByLabel('The link');
      await link.waitFor();
      await ada.page.getByRole('listitem').first().waitFor();
      assert.deepEqual(await faults(ada), []);
      const url = await link.inputValue();
      await ada.page.getByRole('button', { name: 'Revoke' }).first().click();
      assert.equal(await ada.page.evaluate(() => document.activeElement?.textContent), 'Keep');
      assert.equal(await ada.page.evaluate(() => document.documentElement.scrollWidth), viewport.width);
      await ada.page.keyboard.press('Escape');
      await link.waitFor({ state: 'detached' });
      assert.equal(await share.evaluate((button) => button === document.activeElement), true);

      const grace = await pages.visit(url, { ...still, colorScheme, viewport });
      await grace.page.getByRole('dialog').waitFor();
      assert.deepEqual(await faults(grace), []);
      await grace.page.keyboard.press('Enter');
      await grace.page.getByText('View only', { exact: true }).waitFor();
      await grace.untilWord('Saved');
      assert.deepEqual(await faults(grace), []);
      assert.equal(await grace.page.evaluate(() => document.documentElement.scrollWidth), viewport.width);
      assert.deepEqual(grace.complaints, []);
      await grace.leave();
      await ada.leave();
    });
  }
}
