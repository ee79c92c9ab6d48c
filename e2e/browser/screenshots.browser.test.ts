import { mkdir } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Pages, type Visitor } from './open-pages.ts';

const FOLDER = fileURLToPath(new URL('../../docs/images/', import.meta.url));

/** The pictures of the README, taken anew with `SCREENSHOTS=1`. */
describe('pictures', { skip: process.env.SCREENSHOTS !== '1' && 'SCREENSHOTS is not 1' }, () => {
  let pages: Pages;
  let grace: Visitor;
  let end = 19;
  before(async () => {
    await mkdir(FOLDER, { recursive: true });
    pages = await Pages.open();
    for (const title of ['Why we moved to Postgres', 'Meeting notes, 14 November', 'Plan for spring']) {
      await pages.create({ name: title.toLowerCase().replace(/\W+/g, '-'), title, markdown: `# ${title}\n\nTo be written.\n` });
    }
    grace = await pages.visit('/d/welcome', { guest: 'Grace Hopper' });
    await grace.writing();
  });
  after(async () => {
    await pages?.close();
  });

  /** Grace selects some words of the first paragraph while the other looks. */
  const pointed = async (visitor: Visitor) => {
    await visitor.writing();
    await visitor.untilWord('Saved');
    const paragraph = await grace.page.evaluate(() => {
      let at = 0;
      document.querySelector('inkwire-editor')!.editor!.state.doc.forEach((node, position) => {
        if (at === 0 && node.type.name === 'paragraph') at = position + 1;
      });
      return at;
    });
    await grace.select(paragraph);
    // Never where she was before: a caret that has not moved shows no name.
    end += 1;
    await grace.select(paragraph, paragraph + end);
    await visitor.page.locator('inkwire-editor .caret.moved .flag').waitFor();
    await visitor.page.evaluate(() => document.fonts.ready);
  };

  for (const [file, colorScheme, viewport, deviceScaleFactor] of [
    ['document-light.png', 'light', { width: 1280, height: 860 }, 2],
    ['document-dark.png', 'dark', { width: 1280, height: 860 }, 2],
    ['document-phone.png', 'light', { width: 390, height: 780 }, 2],
  ] as const) {
    it(file, async () => {
      const ada = await pages.visit('/d/welcome', {
        guest: 'Ada Lovelace',
        reducedMotion: 'reduce',
        colorScheme,
        viewport,
        deviceScaleFactor,
      });
      await pointed(ada);
      await ada.page.screenshot({ path: `${FOLDER}${file}` });
      await ada.leave();
    });
  }

  it('documents.png', async () => {
    const ada = await pages.visit('/', { reducedMotion: 'reduce', deviceScaleFactor: 2, viewport: { width: 1280, height: 720 } });
    await ada.page.getByRole('link', { name: /Welcome/ }).waitFor();
    await ada.page.evaluate(() => document.fonts.ready);
    await ada.page.screenshot({ path: `${FOLDER}documents.png` });
    await ada.leave();
  });
});
