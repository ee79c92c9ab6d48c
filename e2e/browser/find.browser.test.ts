import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { until } from '../wait.ts';
import { faults } from './axe.ts';
import { Pages, type Visitor } from './open-pages.ts';

describe('finding and replacing', () => {
  let pages: Pages;
  let ada: Visitor;
  before(async () => {
    pages = await Pages.open();
    await pages.create({ name: 'words', markdown: 'One fish, two **fi**sh.\n\n- Red fish\n- blue Fish\n' });
    ada = await pages.visit('/d/words', { guest: 'Ada' });
    await ada.writing();
  });
  after(async () => {
    await pages?.close();
  });

  const markdown = (visitor: Visitor) => visitor.page.evaluate(() => document.querySelector('inkwire-editor')!.getMarkdown());
  const said = async () => (await ada.page.locator('inkwire-editor .find-count').textContent()) ?? '';
  const untilSaid = async (expected: string) => {
    let last = '';
    const isSaid = async () => {
      last = await said();
      return last === expected;
    };
    await until(`it says ${expected}`, isSaid).catch(() => assert.equal(last, expected));
  };

  it('goes from match to match and around, and ends with it selected', async () => {
    const { page } = ada;
    await page.keyboard.press('Control+h');
    const words = page.getByRole('textbox', { name: 'Find' });
    await words.fill('fish');
    await untilSaid('1 of 4');
    assert.equal(await page.locator('inkwire-editor .found').count(), 5, 'one of them is in two pieces');
    await words.press('Enter');
    await untilSaid('2 of 4');
    await words.press('Shift+Enter');
    await words.press('Shift+Enter');
    await untilSaid('4 of 4');
    assert.deepEqual(await faults(ada), []);
    await words.press('Escape');
    await until(
      'the match is selected',
      async () =>
        (await page.evaluate(() => {
          const { state } = document.querySelector('inkwire-editor')!.editor!;
          return state.doc.textBetween(state.selection.from, state.selection.to);
        })) === 'Fish',
    );
    assert.equal(await page.locator('inkwire-editor .found').count(), 0);
  });

  it('keeps to case, to whole words and to a pattern', async () => {
    const { page } = ada;
    await page.keyboard.press('Control+Alt+f');
    const words = page.getByRole('textbox', { name: 'Find' });
    await words.fill('fish');
    await page.getByRole('button', { name: 'Match case' }).click();
    await untilSaid('1 of 3');
    await page.getByRole('button', { name: 'Match case' }).click();
    await words.fill('fis');
    await page.getByRole('button', { name: 'Whole words' }).click();
    await untilSaid('Nothing found');
    await page.getByRole('button', { name: 'Whole words' }).click();
    await page.getByRole('button', { name: 'Regular expression' }).click();
    await words.fill('(');
    await untilSaid('This is not a regular expression.');
    await words.fill('(red|blue) (fish)');
    await untilSaid('1 of 2');
  });

  it('replaces one and all while another writes, and one undo takes all back', async () => {
    const { page } = ada;
    const ben = await pages.visit('/d/words', { guest: 'Ben' });
    await ben.writing();
    await page.getByRole('textbox', { name: 'Replace by' }).fill('$2, $1');
    await page.getByRole('button', { name: 'Replace', exact: true }).click();
    await until('one is replaced', async () => (await markdown(ada)) === 'One fish, two **fi**sh.\n\n- fish, Red\n- blue Fish\n');
    await page.getByRole('button', { name: 'Regular expression' }).click();
    await page.getByRole('textbox', { name: 'Find' }).fill('fish');
    await untilSaid('4 of 4');
    await ben.select(1);
    await ben.page.keyboard.type('fish! ');
    await untilSaid('5 of 5');
    const before = await markdown(ada);
    await page.getByRole('textbox', { name: 'Replace by' }).fill('bird');
    await page.getByRole('button', { name: 'Replace all' }).click();
    const expected = 'bird! One bird, two **bird**.\n\n- bird, Red\n- blue bird\n';
    await until('all are replaced, for both', async () => (await markdown(ada)) === expected && (await markdown(ben)) === expected);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+z');
    await until('all are back, for both', async () => (await markdown(ada)) === before && (await markdown(ben)) === before);
    await ben.leave();
  });

  it('counts words and characters in the menu, of the selection as well', async () => {
    const { page } = ada;
    await ada.select(1, 6);
    await page.getByRole('button', { name: 'Document menu' }).click();
    const menu = page.getByRole('menu', { name: 'Document' });
    assert.match((await menu.textContent()) ?? '', /9 words, \d+ characters.*Selected: 1 word, 5 characters/);
    await page.keyboard.press('Escape');
  });
});
