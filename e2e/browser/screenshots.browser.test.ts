import { mkdir } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { connect } from '../../persistence/connection.ts';
import { testDatabase } from '../../persistence/testing.ts';
import { Pages, type Visitor } from './open-pages.ts';
import { ADA, callApi, SECRET, tokenOf } from './tokens.ts';

const FOLDER = fileURLToPath(new URL('../../docs/images/', import.meta.url));

/** A document that three people wrote in nine days. */
async function gardenPlan(pages: Pages, databaseUrl: string): Promise<void> {
  const name = 'plan-for-spring';
  const sql = connect(databaseUrl, 1);
  let seen = 0;
  const dated = async (minutesAgo: number) => {
    await sql`update inkwire.updates set at = now() - ${minutesAgo} * interval '1 minute' where seq > ${seen}`;
    seen += 1;
  };
  const edit = async ({ sub, name: called }: { sub: string; name: string }, minutesAgo: number, ...operations: object[]) => {
    const token = await tokenOf({ sub, name: called, access: { '*': 'admin' } });
    await callApi(pages.server.url, token, 'POST', `/api/documents/${name}/edits`, { operations });
    await dated(minutesAgo);
  };
  const [grace, alan] = [
    { sub: 'grace', name: 'Grace Hopper' },
    { sub: 'alan', name: 'Alan Turing' },
  ];
  const day = 24 * 60;
  const begun = `# Plan for spring

The beds by the wall are warm first. Sow peas in February, and beans when the soil is no longer cold.

## What to buy

- Peas
- Broad beans
- String

Water every evening.

> Last year the slugs had half of it.
`;
  await pages.create({ name, title: 'Plan for spring', markdown: begun }, await tokenOf(ADA));
  await dated(9 * day);
  await edit(grace, 8 * day, { op: 'replace', quote: 'in February', with: 'in the first days of March' });
  await edit(alan, 3 * day, { op: 'replace', quote: 'String', with: 'Garden twine' });
  await callApi(pages.server.url, await tokenOf(ADA), 'POST', `/api/documents/${name}/versions`, { name: 'Sent to the neighbours' });
  await edit(ADA, day, { op: 'replace', quote: 'half of it', with: 'most of it' });
  await edit(grace, 42, { op: 'replace', quote: 'are warm first', with: 'are the first to be warm' });
  await edit(ADA, 38, { op: 'replace', quote: ', and beans when the soil is no longer cold', with: '' });
  await edit(alan, 35, { op: 'replace', quote: 'every evening', with: 'every other evening, and never at noon' });
  await sql.end();
}

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

  it('history.png', async () => {
    const database = await testDatabase();
    const own = await Pages.open({ INKWIRE_SECRET: SECRET, DATABASE_URL: database.url });
    try {
      await gardenPlan(own, database.url);
      const options = { reducedMotion: 'reduce', deviceScaleFactor: 2, viewport: { width: 1280, height: 800 } } as const;
      const ada = await own.visit('/d/plan-for-spring', options);
      await ada.page.getByLabel('Token').fill(await tokenOf(ADA));
      await ada.page.keyboard.press('Enter');
      await ada.page.locator('inkwire-editor .ProseMirror').waitFor();
      await ada.page.evaluate(() => document.querySelector('inkwire-editor')!.openHistory());
      await ada.page.locator('.history-text del').first().waitFor();
      await ada.page.evaluate(() => document.fonts.ready);
      await ada.page.screenshot({ path: `${FOLDER}history.png` });
      await ada.leave();
    } finally {
      await own.close();
      await database.stop();
    }
  });

  it('documents.png', async () => {
    const ada = await pages.visit('/', { reducedMotion: 'reduce', deviceScaleFactor: 2, viewport: { width: 1280, height: 720 } });
    await ada.page.getByRole('link', { name: /Welcome/ }).waitFor();
    await ada.page.evaluate(() => document.fonts.ready);
    await ada.page.screenshot({ path: `${FOLDER}documents.png` });
    await ada.leave();
  });
});
