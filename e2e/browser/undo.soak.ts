import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { seededRandom } from '../seeded-random.ts';
import { until } from '../wait.ts';
import { Pages, type Visitor } from './open-pages.ts';

const STEPS = 400;
const ACTIONS = ['ControlOrMeta+z', 'ControlOrMeta+z', 'ControlOrMeta+Shift+z', 'Enter', 'Tab', 'ControlOrMeta+b'];

describe('undo while two write', () => {
  let pages: Pages;
  let ada: Visitor;
  let ben: Visitor;
  before(async () => {
    pages = await Pages.open();
    await pages.create({ name: 'undo', markdown: 'One.\n\n- two\n- three\n\n| a | b |\n| - | - |\n| c | d |\n' });
    ada = await pages.visit('/d/undo', { guest: 'Ada' });
    ben = await pages.visit('/d/undo', { guest: 'Ben' });
    await Promise.all([ada.writing(), ben.writing()]);
  });
  after(async () => {
    await pages?.close();
  });

  it('any steps of two people end in one valid document that has every letter the other typed last', async (t) => {
    const random = seededRandom();
    t.diagnostic(`seed ${random.seed}`);
    const people = [ada, ben];
    for (let step = 0; step < STEPS; step++) {
      const person = people[random.below(2)]!;
      const other = person === ada ? ben : ada;
      // Letters that stand nowhere else: of a repeated one nobody can tell whose it is.
      const mark = String.fromCodePoint(0x4e00 + 3 * step, 0x4e01 + 3 * step, 0x4e02 + 3 * step);
      await other.page.evaluate((to) => {
        const { editor } = document.querySelector('inkwire-editor')!;
        const places: number[] = [];
        editor!.state.doc.descendants((node, position) => {
          if (node.isTextblock) for (let at = 0; at <= node.content.size; at++) places.push(position + 1 + at);
        });
        editor!.commands.setTextSelection(places[Math.floor(to * places.length)]!);
        editor!.view.focus();
      }, random.below(1000) / 1000);
      await other.page.keyboard.type(mark);
      let shown = '';
      const isThere = async () => {
        shown = await person.validJson();
        return shown.includes(mark);
      };
      await until('the letters are there', isThere, 10_000).catch(async () => assert.fail(`${mark}: ${shown}\n${await other.validJson()}`));
      const action = ACTIONS[random.below(ACTIONS.length)]!;
      const before = await person.validJson();
      // Tab in a paragraph leaves the text for the page's buttons, where Enter opens a dialog.
      await person.page.evaluate(() => document.querySelector('inkwire-editor')!.editor!.view.focus());
      await person.page.keyboard.press(action);
      const now = await person.validJson();
      assert.equal(now.includes(mark), true, `step ${step}: ${action} took ${mark}\n${before}\n${now}`);
      let last: string[] = [];
      const areEqual = async () => {
        last = await Promise.all([ada.validJson(), ben.validJson()]);
        return last[0] === last[1];
      };
      await until('both show the same', areEqual).catch(() => assert.equal(last[0], last[1]));
    }
  });
});
