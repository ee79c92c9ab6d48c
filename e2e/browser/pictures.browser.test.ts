import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { BrowserContextOptions, Page, Route } from 'playwright-core';
import { png, SAMPLES } from '../../server/assets/testing/samples.ts';
import { until } from '../wait.ts';
import { faults } from './axe.ts';
import { Pages, type Visitor } from './open-pages.ts';
import { ADA, type Person, SECRET, tokenOf } from './tokens.ts';
import { drop, paste } from './transfer.ts';

const GRACE: Person = { sub: 'grace', name: 'Grace Hopper', access: { '*': 'view' } };

/** So that a small file is one that is too large. */
const MOST = 3 * 1024 * 1024;

const picture = (name: string, width = 320, height = 200) => ({ name, type: 'image/png', bytes: png(width, height, [60, 110, 190], name) });

describe('pictures and files in the editor', () => {
  let pages: Pages;
  let admin: string;
  let names = 0;
  before(async () => {
    pages = await Pages.open({ INKWIRE_SECRET: SECRET, INKWIRE_MAX_ASSET_BYTES: String(MOST) });
    admin = await tokenOf(ADA);
  });
  after(async () => {
    await pages?.close();
  });

  /** Somebody in the frame of a document, with a token of their own. */
  async function open(t: TestContext, name: string, person = ADA, look: BrowserContextOptions = {}): Promise<Visitor> {
    const path = `/embed/${encodeURIComponent(name)}#token=${await tokenOf(person)}`;
    const visitor = await pages.visit(path, { reducedMotion: 'reduce', ...look });
    t.after(() => visitor.leave());
    await visitor.page.locator('inkwire-editor .ProseMirror').waitFor();
    if (person === ADA) await visitor.writing();
    return visitor;
  }

  async function fresh(
    t: TestContext,
    markdown = 'Before.\n\nAfter.\n',
    look?: BrowserContextOptions,
  ): Promise<{ name: string; ada: Visitor }> {
    names += 1;
    const name = `pictures/${names}`;
    await pages.create({ name, markdown }, admin);
    return { name, ada: await open(t, name, ADA, look) };
  }

  const markdownOf = (name: string) => pages.exported(name, 'markdown', admin);
  async function untilMarkdown(name: string, wanted: RegExp): Promise<void> {
    let seen = '';
    const look = async () => {
      seen = await markdownOf(name);
      return wanted.test(seen);
    };
    await until(`the document is like ${wanted}`, look, 20_000).catch((error: Error) => {
      throw new Error(`${error.message} It is ${seen}`);
    });
  }
  const images = (page: Page) => page.locator('inkwire-editor .ProseMirror .image img');
  const uploads = (page: Page) => page.locator('inkwire-editor .upload');
  /** The images that are shown, by their natural widths. */
  const shownWidths = (page: Page) => images(page).evaluateAll((all) => all.map((image) => (image as HTMLImageElement).naturalWidth));
  const untilShown = (page: Page, widths: number[]) =>
    until(`images of ${widths} are shown`, async () => JSON.stringify(await shownWidths(page)) === JSON.stringify(widths), 20_000);

  /** Uploads of a tab wait until they are let go, or are refused. */
  async function held(page: Page): Promise<{ release(): Promise<void>; waiting(): number }> {
    const routes: Route[] = [];
    let open = false;
    await page.route(/\/api\/documents\/[^/]+\/assets$/, async (route) => {
      if (open) await route.continue();
      else routes.push(route);
    });
    return {
      waiting: () => routes.length,
      release: async () => {
        open = true;
        await Promise.all(routes.splice(0).map((route) => route.continue()));
      },
    };
  }

  it('stand in their place while they go up, for their author alone, and for all when they are up', async (t) => {
    const { name, ada } = await fresh(t);
    const grace = await open(t, name);
    const uploading = await held(ada.page);
    await ada.select(8);
    await paste(ada, { files: [picture('one.png', 320), picture('two.png', 240)] });
    await uploads(ada.page).nth(1).waitFor();
    await until('both have begun', () => uploading.waiting() === 2);
    assert.equal(await uploads(ada.page).locator('.upload-preview').count(), 2);
    assert.match(await uploads(ada.page).first().innerText(), /one\.png/);
    assert.equal(await uploads(ada.page).first().getAttribute('aria-label'), 'Uploading one.png');
    assert.deepEqual(await faults(ada), []);
    // Closing the page would lose them.
    const asks = () => !dispatchEvent(new Event('beforeunload', { cancelable: true }));
    assert.equal(await ada.page.evaluate(asks), true);
    // Somebody else writes before and behind them meanwhile, which replaces the whole document as far as the editor sees.
    await grace.select('end');
    await grace.page.keyboard.type(' More.');
    await grace.select(1);
    await grace.page.keyboard.type('First.');
    await grace.page.keyboard.press('Enter');
    await ada.untilText('First.\nBefore.\nAfter. More.');
    assert.equal(await uploads(grace.page).count(), 0);
    assert.equal(await markdownOf(name), 'First.\n\nBefore.\n\nAfter. More.\n');
    await uploading.release();
    await untilMarkdown(
      name,
      /^First\.\n\nBefore\.\n\n!\[\]\(\/api\/documents\/pictures%2F\d+\/assets\/[0-9a-f]{64}\)\n\n!\[\]\(\S+\)\n\nAfter\. More\.\n$/,
    );
    assert.equal(await uploads(ada.page).count(), 0);
    await untilShown(ada.page, [320, 240]);
    await untilShown(grace.page, [320, 240]);
    await until('nothing is left to lose', async () => !(await ada.page.evaluate(asks)));
    assert.match((await images(grace.page).first().getAttribute('src'))!, /^blob:/, 'no token is in an address');
    // Each is one step back, and nothing else is.
    await ada.page.keyboard.press('ControlOrMeta+z');
    await until('one is gone', async () => (await images(ada.page).count()) === 1);
    await ada.page.keyboard.press('ControlOrMeta+z');
    await ada.untilText('First.\nBefore.\nAfter. More.');
    for (const visitor of [ada, grace]) assert.deepEqual(visitor.complaints, []);
  });

  it('go where they are dropped, and where the cursor is typed on meanwhile', async (t) => {
    const { name, ada } = await fresh(t, 'One two.\n\nThree.\n');
    const uploading = await held(ada.page);
    const box = (await ada.page.getByText('Three.').boundingBox())!;
    await drop(ada, { files: [picture('dropped.png')] }, { x: box.x + 2, y: box.y + box.height - 2 });
    await uploads(ada.page).waitFor();
    await ada.select(5);
    await paste(ada, { files: [picture('pasted.png')] });
    await uploads(ada.page).nth(1).waitFor();
    await ada.page.keyboard.type('and ');
    await uploading.release();
    await untilMarkdown(name, /^One(?:&#x20;)?\n\n!\[\]\(\S+\)\n\nand two\.\n\n(?:!\[\]\(\S+\)\n\nThree\.|Three\.\n\n!\[\]\(\S+\))\n$/);
  });

  it('say honestly why they did not go up, and go when asked to', async (t) => {
    const { name, ada } = await fresh(t, undefined, { viewport: { width: 390, height: 800 }, colorScheme: 'dark' });
    await ada.select('end');
    const bar = uploads(ada.page);
    let sent = 0;
    ada.page.on('request', (request) => {
      if (request.method() === 'POST') sent += 1;
    });
    await paste(ada, { files: [{ name: 'huge.png', type: 'image/png', bytes: Buffer.concat([SAMPLES.png, Buffer.alloc(MOST)]) }] });
    await bar.getByText('huge.png was not uploaded: it has 3 MB, and at most 3 MB are taken.').waitFor();
    assert.equal(sent, 0, 'nothing was sent that cannot be taken');
    assert.deepEqual(await faults(ada), []);
    assert.equal(await ada.page.evaluate(() => document.documentElement.scrollWidth), 390);
    assert.equal(await bar.getByRole('button', { name: 'Try again' }).count(), 0, 'in vain');
    await bar.getByRole('button', { name: 'Remove' }).click();
    await until('it is gone', async () => (await bar.count()) === 0);

    await paste(ada, { files: [{ name: 'drawing.svg', type: 'image/svg+xml', bytes: SAMPLES.svg }] });
    await bar.getByText(/drawing\.svg was not uploaded: An SVG picture can hold programs/).waitFor();
    await bar.getByRole('button', { name: 'Remove' }).click();

    await ada.page.route(/\/assets$/, (route) => route.fulfill({ status: 500, body: '' }), { times: 1 });
    await paste(ada, { files: [picture('later.png')] });
    await bar.getByText(/later\.png · the server could not take it; it goes up by itself then/).waitFor();
    await bar.getByRole('button', { name: 'Try again' }).click();
    await untilMarkdown(name, /!\[\]\(\S+\)/);

    const uploading = await held(ada.page);
    await paste(ada, { files: [picture('never.png')] });
    await until('it has begun', () => uploading.waiting() === 1);
    await bar.getByRole('button', { name: 'Cancel' }).click();
    await until('it is gone', async () => (await bar.count()) === 0);
    assert.equal((await markdownOf(name)).match(/!\[/g)?.length, 1);
  });

  it('wait while there is no network, and go up when it is back', async (t) => {
    const { name, ada } = await fresh(t);
    await ada.select('end');
    const isHere = () => performance.getEntriesByType('resource').some(({ name }) => /\/asset-work-[^/]+\.js$/.test(name));
    await until('the code for it has come', () => ada.page.evaluate(isHere));
    await ada.page.context().setOffline(true);
    await paste(ada, { files: [picture('offline.png')] });
    await uploads(ada.page)
      .getByText(/offline\.png · the server cannot be reached; it goes up by itself then/)
      .waitFor();
    await ada.page.context().setOffline(false);
    await untilMarkdown(name, /!\[\]\(\S+\)/);
    await untilShown(ada.page, [320]);
  });

  it('are taken out of pasted HTML when only this browser has them, and never reach the document as data', async (t) => {
    const { name, ada } = await fresh(t);
    await ada.select('end');
    const data = `data:image/png;base64,${png(40, 30, [1, 2, 3]).toString('base64')}`;
    await paste(ada, { html: `<p>With</p><p><img src="${data}" alt="A dot"></p><p>a picture</p>` });
    await untilMarkdown(name, /With\n\n!\[A dot\]\(\/api\/documents\/\S+\)\n\na picture/);
    await untilShown(ada.page, [40]);
    const yjs = await pages.exported(name, 'yjs', admin);
    assert.ok(!yjs.includes('base64'), 'the bytes were in the document');
  });

  it('of another document are copied into this one', async (t) => {
    const { ada: before, name: first } = await fresh(t);
    await before.select('end');
    await paste(before, { files: [picture('shared.png', 111, 50)] });
    await untilMarkdown(first, /!\[\]\((\S+)\)/);
    const [, src = ''] = /!\[\]\((\S+)\)/.exec(await markdownOf(first))!;
    const { ada, name } = await fresh(t);
    await ada.select('end');
    await paste(ada, { html: `<img src="${src}" alt="Ours">` });
    await untilMarkdown(name, new RegExp(`!\\[Ours\\]\\(/api/documents/${encodeURIComponent(name)}/assets/`));
    await untilShown(ada.page, [111]);
  });

  it('leave the clipboard to its text where that says more', async (t) => {
    const { name, ada } = await fresh(t);
    await ada.select('end');
    await paste(ada, { html: '<p>Words of <b>Word</b></p>', text: 'Words of Word', files: [picture('rendered.png')] });
    await untilMarkdown(name, /Words of \*\*Word\*\*/);
    assert.equal(await uploads(ada.page).count(), 0);
    await paste(ada, { html: '<meta charset="utf-8"><img src="https://example.invalid/a.png">', files: [picture('copied.png', 99, 9)] });
    await untilMarkdown(name, /!\[\]\(\/api\/documents\//);
    assert.ok(!(await markdownOf(name)).includes('example.invalid'));
  });

  it('are changed by a bar, a handle and keys', async (t) => {
    const { name, ada } = await fresh(t, 'Text.\n', { colorScheme: 'dark' });
    const { page } = ada;
    await ada.select('end');
    await paste(ada, { files: [picture('wide.png', 400, 250)] });
    await untilShown(page, [400]);
    await images(page).click();
    const bar = page.getByRole('toolbar', { name: 'Image' });
    await bar.waitFor();
    assert.deepEqual(await faults(ada), []);
    // Enter opens what is said of it.
    await page.keyboard.press('Enter');
    await page.getByLabel('Description, for those who cannot see it').fill('A blue field');
    assert.deepEqual(await faults(ada), []);
    await page.getByRole('textbox', { name: 'Link' }).fill('https://example.org/');
    await page.getByRole('textbox', { name: 'Width' }).fill('300');
    await page.keyboard.press('Enter');
    await untilMarkdown(name, /\[<img src="\S+" alt="A blue field" width="300">\]\(https:\/\/example\.org\/\)/);
    const handle = page.getByRole('slider', { name: 'Width of the image' });
    const isWide = (pixels: number) =>
      until(`it is ${pixels} px wide`, async () => (await handle.getAttribute('aria-valuenow')) === String(pixels));
    await isWide(300);
    const column = Number(await handle.getAttribute('aria-valuemax'));
    // A share is one of the column, and what stands around the image is no wider.
    const widths = new Map([['60%', Math.round(column * 0.6)]]).set('300', 300);
    for (const [typed, pixels] of widths) {
      await images(page).click();
      await page.keyboard.press('Enter');
      await page.getByRole('textbox', { name: 'Width' }).fill(typed);
      await page.keyboard.press('Enter');
      await untilMarkdown(name, new RegExp(`width="${typed}"`));
      await isWide(pixels);
      const frame = await page
        .locator('inkwire-editor .image-frame')
        .evaluate((element) => Math.round(element.getBoundingClientRect().width));
      assert.equal(frame, pixels);
    }
    await handle.focus();
    await page.keyboard.press('ArrowRight');
    const stepped = 300 + Math.round(column * 0.05);
    await untilMarkdown(name, new RegExp(`width="${stepped}"`));
    await until('the handle is focused still', () => handle.evaluate((element) => element.matches(':focus')));
    const box = (await handle.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 - 60, box.y + box.height / 2, { steps: 3 });
    assert.match(await markdownOf(name), new RegExp(`width="${stepped}"`), 'others see no width that is not meant');
    await page.mouse.up();
    await untilMarkdown(name, new RegExp(`width="${stepped - 120}"`));
    await images(page).dragTo(page.getByText('Text.'), { targetPosition: { x: 1, y: 1 } });
    await untilMarkdown(name, /^\[<img [^>]*>\]\(https:\/\/example\.org\/\)\n\nText\.\n$/);
    await bar.getByRole('button', { name: 'Remove the image' }).click();
    await untilMarkdown(name, /^Text\.\n$/);
    assert.deepEqual(ada.complaints, []);
  });

  it('of another site are copied in by the browser, where that site lets it', async (t) => {
    const there = 'https://pictures.example';
    const { ada } = await fresh(t);
    const { page } = ada;
    await page.route(`${there}/**`, (route) => {
      const isRefused = route.request().resourceType() === 'fetch' && route.request().url().includes('closed');
      return isRefused ? route.abort() : route.fulfill({ status: 200, contentType: 'image/png', body: png(77, 44, [5, 5, 5]) });
    });
    const name = 'pictures/of-others';
    await pages.create({ name, markdown: `![Closed](${there}/closed.png)\n\n![Open](${there}/open.png)\n` }, admin);
    await page.goto(`/embed/${encodeURIComponent(name)}#token=${await tokenOf(ADA)}`);
    await ada.writing();
    await untilShown(page, [77, 77]);
    await images(page).first().click();
    await page.getByRole('button', { name: 'Copy into this document' }).click();
    await page.getByText('The site it lies on does not let other pages read it. Save the picture, and drop it here.').waitFor();
    await images(page).nth(1).click();
    await page.getByRole('button', { name: 'Copy into this document' }).click();
    await untilMarkdown(name, /!\[Closed\]\(https:\/\/pictures\.example\/closed\.png\)\n\n!\[Open\]\(\/api\/documents\//);
    await untilShown(page, [77, 77]);
  });

  it('and files of any kind are chosen from the device, and files become links that are saved with the token', async (t) => {
    const { name, ada } = await fresh(t, 'Text.\n');
    const { page } = ada;
    // Listened to from here on: a browser that is told so with the press may open its own window before.
    page.on('filechooser', () => {});
    await ada.select('end');
    await page.keyboard.press('Enter');
    await page.keyboard.type('/image');
    await page.getByRole('option', { name: /^Image from this device/ }).waitFor();
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Enter')]);
    assert.equal(chooser.isMultiple(), true);
    await chooser.setFiles([{ name: 'chosen.png', mimeType: 'image/png', buffer: png(50, 50, [1, 1, 1]) }]);
    await untilMarkdown(name, /^Text\.\n\n!\[\]\(\S+\)\n$/);

    await page.getByRole('button', { name: 'Image', exact: true }).click();
    const [files] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('menuitem', { name: 'File from this device' }).click(),
    ]);
    await files.setFiles([{ name: 'report.pdf', mimeType: 'application/pdf', buffer: SAMPLES.pdf }]);
    await untilMarkdown(name, /\[report\.pdf\]\(\/api\/documents\/\S+\)/);
    const grace = await open(t, name, GRACE);
    const [download] = await Promise.all([
      grace.page.waitForEvent('download'),
      grace.page.getByRole('link', { name: 'report.pdf' }).click(),
    ]);
    assert.equal(download.suggestedFilename(), 'report.pdf');
  });

  it('go where the page that embeds the editor wants them', async (t) => {
    const { name, ada } = await fresh(t);
    await ada.page.evaluate(() => {
      document.querySelector('inkwire-editor')!.uploadHandler = async (file, { onProgress }) => {
        onProgress(0.5);
        if (file.name === 'refused.png') throw new Error('this page takes no such pictures');
        return { src: `https://cdn.example/${file.name}`, alt: 'Kept elsewhere' };
      };
    });
    await ada.select('end');
    await paste(ada, { files: [picture('kept.png')] });
    await untilMarkdown(name, /!\[Kept elsewhere\]\(https:\/\/cdn\.example\/kept\.png\)/);
    await paste(ada, { files: [picture('refused.png')] });
    await uploads(ada.page).getByText('refused.png was not uploaded: this page takes no such pictures.').waitFor();
  });
});
