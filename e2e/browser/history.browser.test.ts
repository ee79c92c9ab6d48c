import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { until } from '../wait.ts';
import { faults } from './axe.ts';
import { Pages, type Visitor } from './open-pages.ts';
import { ADA, callApi, type Person, SECRET, tokenOf } from './tokens.ts';

const GRACE: Person = { sub: 'grace', name: 'Grace Hopper', access: { '*': 'edit' } };
const READER: Person = { sub: 'rita', name: 'Rita Reader', access: { '*': 'view' } };

describe('the history in the browser', () => {
  let pages: Pages;
  before(async () => {
    pages = await Pages.open({ INKWIRE_SECRET: SECRET });
  });
  after(async () => {
    await pages?.close();
  });

  const edit = async (name: string, person: Person, ...operations: object[]) =>
    callApi(pages.server.url, await tokenOf(person), 'POST', `/api/documents/${name}/edits`, { operations });
  const text = async (name: string) => pages.exported(name, 'text', await tokenOf(ADA));
  const open = async (name: string, person: Person, options: Parameters<Pages['visit']>[1] = {}): Promise<Visitor> => {
    const visitor = await pages.visit(`/d/${name}`, { reducedMotion: 'reduce', ...options });
    await visitor.page.getByLabel('Token').fill(await tokenOf(person));
    await visitor.page.keyboard.press('Enter');
    await visitor.page.locator('inkwire-editor .ProseMirror').waitFor();
    return visitor;
  };
  const openHistory = async ({ page }: Visitor) => {
    await page.getByRole('button', { name: 'Document menu' }).click();
    await page.getByRole('menuitem', { name: 'Version history' }).click();
    await page.locator('.history-text .ProseMirror').waitFor();
  };
  /** What is marked, as `+words` and `-words`. */
  const marked = ({ page }: Visitor) =>
    page.evaluate(() => {
      const root = document.querySelector('inkwire-editor')!.shadowRoot!;
      return [...root.querySelectorAll('.history-text :is(ins, del)')].map(
        (one) => `${one.tagName === 'INS' ? '+' : '-'}${one.textContent}`,
      );
    });
  const untilMarked = async (visitor: Visitor, expected: readonly string[]) => {
    let seen: string[] = [];
    await until(
      `${JSON.stringify(expected)} is marked`,
      async () => {
        seen = await marked(visitor);
        return JSON.stringify(seen) === JSON.stringify(expected);
      },
      30_000,
    ).catch((error: Error) => {
      throw new Error(`${error.message} Seen at last: ${JSON.stringify(seen)}`);
    });
  };
  /** Two versions, and a second stretch of writing, as its name says. */
  const written = async (name: string) => {
    await pages.create({ name, markdown: 'Sow in March.\n\nWater it.\n' }, await tokenOf(ADA));
    await callApi(pages.server.url, await tokenOf(ADA), 'POST', `/api/documents/${name}/versions`, { name: 'First draft' });
    await edit(name, GRACE, { op: 'replace', quote: 'March', with: 'June' });
  };

  it('shows who wrote and deleted what, steps through it, names a version, brings one back and takes that back', async () => {
    await written('whole');
    const ada = await open('whole', ADA);
    await openHistory(ada);
    const history = ada.page.getByRole('region', { name: 'Version history' });
    await history.getByRole('combobox', { name: 'Compared with' }).selectOption({ label: 'Since “First draft”' });
    await untilMarked(ada, ['-March', '+June']);
    await history.getByText('Grace Hopper +1 −1').waitFor();
    await ada.page.keyboard.press('Escape');
    await history.waitFor({ state: 'detached' });
    await openHistory(ada);
    await history.getByRole('combobox', { name: 'Compared with' }).selectOption({ label: 'Since “First draft”' });
    await untilMarked(ada, ['-March', '+June']);
    await history.getByRole('button', { name: 'Next change' }).click();
    await history.getByText('1 of 1', { exact: true }).waitFor();
    await history.getByText(/Grace Hopper · Today/).waitFor();
    await history.getByRole('combobox', { name: 'Compared with' }).selectOption({ label: 'Who wrote what' });
    await untilMarked(ada, ['+Sow in ', '+June', '+.', '+Water it.']);

    await history.getByRole('button', { name: 'Name…' }).click();
    await ada.page.getByRole('textbox', { name: 'Name' }).fill('Sent to the printer');
    await ada.page.keyboard.press('Enter');
    await history.getByRole('button', { name: 'Sent to the printer', exact: true }).waitFor();

    await history.getByRole('button', { name: 'First draft', exact: true }).click();
    await history.getByRole('heading', { name: 'First draft' }).waitFor();
    await history.getByRole('button', { name: 'Restore' }).click();
    await history.getByText('“First draft” is back, for everybody.').waitFor();
    assert.equal(await text('whole'), 'Sow in March.\nWater it.');
    await history.getByRole('button', { name: 'Undo' }).click();
    await until('it is taken back', async () => (await text('whole')) === 'Sow in June.\nWater it.', 30_000);

    await history.getByRole('combobox', { name: 'Compared with' }).selectOption({ label: 'Since “First draft”' });
    await history.getByRole('button', { name: 'Take these changes back' }).click();
    await history.getByText(/These changes are taken back/).waitFor();
    assert.equal(await text('whole'), 'Sow in March.\nWater it.');
    await history.getByRole('button', { name: 'Undo', exact: true }).click();
    await until('it is there again', async () => (await text('whole')) === 'Sow in June.\nWater it.', 30_000);
    await history.getByRole('button', { name: /Take the name “First draft” away/ }).click();
    await history.getByRole('button', { name: 'First draft', exact: true }).waitFor({ state: 'detached' });
    await history.getByRole('button', { name: 'Back to the document' }).click();
    await ada.untilText('Sow in June.\nWater it.');
    assert.deepEqual(
      ada.complaints.filter((complaint) => !complaint.includes('401')),
      [],
    );
    await ada.leave();
  });

  it('is opened and left by keys, and the caret is where it was', async () => {
    await written('keys');
    const grace = await open('keys', GRACE);
    await grace.writing();
    await grace.behind('Sow');
    await grace.page.keyboard.press('Control+Alt+Shift+KeyH');
    await grace.page.locator('.history-text .ProseMirror').waitFor();
    const slider = grace.page.getByRole('slider', { name: 'Version' });
    await until('the newest is shown', async () => (await slider.inputValue()) === '2');
    await slider.focus();
    await grace.page.keyboard.press('ArrowLeft');
    await until('the version before is shown', async () =>
      (await grace.page.locator('.history-text').innerText()).includes('Sow in March.'),
    );
    await grace.page.keyboard.press('Escape');
    await grace.page.locator('.history').waitFor({ state: 'detached' });
    await grace.page.keyboard.insertText('!');
    await grace.untilText('Sow! in June.\nWater it.');
    await grace.leave();
  });

  it('plays from the first version to the last', async () => {
    await written('played');
    for (const word of ['It', 'grows', 'fast']) await edit('played', GRACE, { op: 'insert', at: 'end', markdown: word });
    const ada = await open('played', ADA);
    await openHistory(ada);
    const slider = ada.page.getByRole('slider', { name: 'Version' });
    await until('the newest is shown', async () => (await slider.inputValue()) === '5');
    const seen = ada.page.evaluate(
      () =>
        new Promise<number[]>((done) => {
          const versions: number[] = [];
          document.querySelector('inkwire-editor')!.addEventListener('inkwire-history', ({ detail }) => {
            versions.push(detail.version!);
            if (detail.version === 5) done(versions);
          });
        }),
    );
    await ada.page.getByRole('button', { name: 'Play' }).click();
    assert.deepEqual(await seen, [1, 2, 3, 4, 5]);
    await ada.page.getByRole('button', { name: 'Play' }).waitFor();
    await ada.leave();
  });

  it('offers who may only read nothing to change', async () => {
    await written('read');
    const rita = await open('read', READER);
    await openHistory(rita);
    await rita.page.getByRole('combobox', { name: 'Compared with' }).selectOption({ label: 'Since “First draft”' });
    await untilMarked(rita, ['-March', '+June']);
    for (const name of ['Restore', 'Name…', /Take/]) assert.equal(await rita.page.getByRole('button', { name }).count(), 0);
    await rita.leave();
  });

  it('says what others wrote since the last visit', async () => {
    await written('away');
    const ada = await open('away', ADA);
    await ada.writing();
    await until('the visit is noted', () => ada.page.evaluate(() => localStorage.getItem('inkwire.seen.away') === '2'));
    assert.equal(await ada.page.getByRole('button', { name: /since your last visit/ }).count(), 0);
    await ada.page.goto('about:blank');
    await edit('away', ADA, { op: 'insert', at: 'end', markdown: 'Mine.' });
    await edit('away', GRACE, { op: 'replace', quote: 'Water', with: 'Feed' });
    await ada.page.goto(`${pages.server.url}/d/away`);
    await ada.page.getByRole('button', { name: 'Grace Hopper wrote here since your last visit' }).click();
    await untilMarked(ada, ['-Water', '+Feed', '+Mine.']);
    await ada.page.goto('about:blank');
    await edit('away', ADA, { op: 'insert', at: 'end', markdown: 'Mine again.' });
    await ada.page.goto(`${pages.server.url}/d/away`);
    await ada.writing();
    await until('the visit is noted', () => ada.page.evaluate(() => localStorage.getItem('inkwire.seen.away') === '5'));
    assert.equal(await ada.page.getByRole('button', { name: /since your last visit/ }).count(), 0);
    await ada.leave();
  });

  it('tells the page that has the element, which opens and closes it', async () => {
    await written('embedded');
    const grace = await open('embedded', GRACE);
    const told = await grace.page.evaluate(async () => {
      const element = document.querySelector('inkwire-editor')!;
      const events: { open: boolean; version: number | null }[] = [];
      const shown = new Promise<void>((done) => {
        element.addEventListener('inkwire-history', ({ detail }) => {
          events.push(detail);
          if (detail.version !== null) done();
        });
      });
      await element.openHistory(1);
      await shown;
      element.closeHistory();
      return events;
    });
    assert.deepEqual(told, [
      { open: true, version: null },
      { open: true, version: 2 },
      { open: false, version: null },
    ]);
    await grace.leave();
  });

  for (const [look, options] of Object.entries({
    light: { colorScheme: 'light' },
    dark: { colorScheme: 'dark' },
    'on a phone': { viewport: { width: 390, height: 780 }, hasTouch: true },
  } as const)) {
    it(`has no fault that axe finds: ${look}`, async () => {
      const name = `axe-${look.replaceAll(' ', '-')}`;
      await written(name);
      const ada = await open(name, ADA, options);
      await openHistory(ada);
      await ada.page.getByRole('combobox', { name: 'Compared with' }).selectOption({ label: 'Since “First draft”' });
      await untilMarked(ada, ['-March', '+June']);
      assert.deepEqual(await faults(ada), []);
      const wide = await ada.page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      assert.equal(wide, false, 'it scrolls sideways');
      await ada.leave();
    });
  }
});
