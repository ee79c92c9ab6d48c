import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { until } from '../wait.ts';
import { Pages, type Visitor } from './open-pages.ts';

describe('undo while two write', () => {
  let pages: Pages;
  let ada: Visitor;
  let ben: Visitor;
  before(async () => {
    pages = await Pages.open();
    await pages.create({ name: 'undo', markdown: 'x\n' });
    ada = await pages.visit('/d/undo', { guest: 'Ada' });
    ben = await pages.visit('/d/undo', { guest: 'Ben' });
    await Promise.all([ada.writing(), ben.writing()]);
  });
  after(async () => {
    await pages?.close();
  });

  const press = ({ page }: Visitor, keys: string) => page.keyboard.press(keys);
  /** All at once: letter by letter on a busy machine it would be several steps of the history. */
  const type = ({ page }: Visitor, text: string) => page.keyboard.insertText(text);
  /** Both show it, and what they show is the same valid document. */
  const untilBoth = async (expected: string) => {
    let last: string[] = [];
    const isBoth = async () => {
      last = await Promise.all([ada.markdown(), ben.markdown()]);
      return last.every((shown) => shown === expected);
    };
    await until('both show it', isBoth).catch(() => assert.deepEqual(last, [expected, expected]));
    assert.equal(await ada.validJson(), await ben.validJson());
  };
  /** A document of its own, that neither has a history in. */
  const begin = async (content: string) => {
    await pages.replace('undo', content);
    await untilBoth(content);
    for (const { page } of [ada, ben]) {
      await page.evaluate(() => {
        const { editor } = document.querySelector('inkwire-editor')!;
        // What a history has from the case before is none of this one's.
        const plugin = editor!.state.plugins.find((candidate) => (candidate as unknown as { key: string }).key.startsWith('y-undo'))!;
        (plugin.getState(editor!.state) as { undoManager: { clear(): void } }).undoManager.clear();
      });
    }
  };
  it('one goes on writing behind what was redone, and where a deletion was taken back', async () => {
    await begin('Start.\n');
    await ada.behind('Start');
    await type(ada, ' one');
    await press(ada, 'ControlOrMeta+z');
    await untilBoth('Start.\n');
    await press(ada, 'ControlOrMeta+Shift+z');
    await type(ada, ' two');
    await untilBoth('Start one two.\n');
    await press(ada, 'ControlOrMeta+z');
    await press(ada, 'ControlOrMeta+y');
    await type(ada, '!');
    await untilBoth('Start one two!.\n');
    await ada.select(1, 7);
    await press(ada, 'Delete');
    await untilBoth('one two!.\n');
    await press(ada, 'ControlOrMeta+z');
    await untilBoth('Start one two!.\n');
  });

  const together: [what: string, content: string, both: string, without: string][] = [
    ['a paragraph', 'Here is.\n', 'Here ada ben is.\n', 'Here ben is.\n'],
    ['an item of a list', '- one\n- Here is.\n', '- one\n- Here ada ben is.\n', '- one\n- Here ben is.\n'],
    [
      'a cell of a table',
      '| a | b |\n| - | - |\n| Here is. | c |\n',
      '| a | b |\n| - | - |\n| Here ada ben is. | c |\n',
      '| a | b |\n| - | - |\n| Here ben is. | c |\n',
    ],
    ['a callout', '> [!NOTE]\n> Here is.\n', '> [!NOTE]\n> Here ada ben is.\n', '> [!NOTE]\n> Here ben is.\n'],
    ['a line with a picture', 'Here is. ![p](a.png) more\n', 'Here ada ben is. ![p](a.png) more\n', 'Here ben is. ![p](a.png) more\n'],
  ];
  for (const [what, content, both, without] of together) {
    it(`[S6] takes back one’s own words in ${what}, and never another’s`, async () => {
      await begin(content);
      await ada.behind('Here');
      await type(ada, ' ada');
      await untilBoth(content.replace('Here', 'Here ada'));
      await ben.behind('ada');
      await type(ben, ' ben');
      await untilBoth(both);
      await press(ada, 'ControlOrMeta+z');
      await untilBoth(without);
      await press(ada, 'ControlOrMeta+Shift+z');
      await untilBoth(both);
      await press(ben, 'ControlOrMeta+z');
      await untilBoth(content.replace('Here', 'Here ada'));
    });
  }

  it('a row that was added is taken back while another writes in the table', async () => {
    const table = '| a | b |\n| - | - |\n| c | d |\n';
    await begin(table);
    await ada.behind('d');
    await press(ada, 'Tab');
    await type(ada, 'new');
    await untilBoth(`${table}| new | |\n`);
    await ben.behind('c');
    await type(ben, ' ben');
    await untilBoth(`${table.replace('c', 'c ben')}| new | |\n`);
    await press(ada, 'ControlOrMeta+z');
    await press(ada, 'ControlOrMeta+z');
    await untilBoth(table.replace('c', 'c ben'));
  });

  it('[S6] an item, a heading and a row that one made stay for what the other wrote in them', async () => {
    for (const [made, keys] of [
      ['- one\n', ['Enter']],
      ['# one\n', ['Enter', 'ControlOrMeta+Alt+2']],
      ['| a |\n| - |\n| one |\n', ['Tab']],
    ] as const) {
      await begin(made);
      await ada.behind('one');
      for (const key of keys) await press(ada, key);
      await type(ada, 'ada');
      await until('Ben sees it', async () => (await ben.markdown()).includes('ada'));
      await ben.behind('ada');
      await type(ben, 'BEN');
      await until('Ada sees it', async () => (await ada.markdown()).includes('BEN'));
      for (let times = 0; times < 3; times++) await press(ada, 'ControlOrMeta+z');
      await until('it is undone for both', async () => {
        const [a, b] = await Promise.all([ada.validJson(), ben.validJson()]);
        return a === b && !a.includes('ada');
      });
      assert.match(await ben.markdown(), /BEN/, made);
    }
  });

  it('[S6] words that were dragged, to beside the other’s caret, go back, and what the other wrote meanwhile stays', async () => {
    await begin('One two three.\n\nFour.\n');
    await ada.select(4, 8);
    const [words, gap] = await ada.page.evaluate(() => {
      const { view } = document.querySelector('inkwire-editor')!.editor!;
      let four = 0;
      view.state.doc.descendants((node, position) => {
        if (node.text === 'Four.') four = position + 4;
      });
      const middle = (from: number, to: number) => {
        const [start, end] = [view.coordsAtPos(from), view.coordsAtPos(to)];
        return { x: (start.left + end.left) / 2, y: (start.top + start.bottom) / 2 };
      };
      return [middle(5, 8), middle(four, four)];
    });
    const { mouse } = ada.page;
    await mouse.move(words!.x, words!.y);
    await mouse.down();
    await mouse.move(gap!.x - 3, gap!.y, { steps: 4 });
    await mouse.move(gap!.x - 1, gap!.y, { steps: 2 });
    await mouse.up();
    await untilBoth('One three.\n\nFour two.\n');
    await ben.behind('three');
    await type(ben, ' ben');
    await ben.behind('two');
    await type(ben, ' BEN');
    await untilBoth('One three ben.\n\nFour two BEN.\n');
    await press(ada, 'ControlOrMeta+z');
    await untilBoth('One two three ben.\n\nFour BEN.\n');
    await press(ada, 'ControlOrMeta+Shift+z');
    await untilBoth('One three ben.\n\nFour two BEN.\n');
  });

  it('what a script wrote over HTTP is nobody’s to undo', async () => {
    await begin('By a script.\n');
    await press(ada, 'ControlOrMeta+z');
    await press(ben, 'ControlOrMeta+z');
    await ada.behind('script');
    await type(ada, ' and Ada');
    await untilBoth('By a script and Ada.\n');
    await press(ada, 'ControlOrMeta+z');
    await press(ada, 'ControlOrMeta+z');
    await untilBoth('By a script.\n');
  });
});
