import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { FrameType } from '../../protocol/frames.ts';
import { seededRandom } from '../seeded-random.ts';
import { until } from '../wait.ts';
import { Pages, type Visitor } from './open-pages.ts';
import { paste } from './transfer.ts';
import { Wire } from './wire.ts';

const TABLE = '| a | b |\n| - | - |\n| c | d |\n';

describe('a table', () => {
  let pages: Pages;
  let ada: Visitor;
  before(async () => {
    pages = await Pages.open();
    await pages.create({ name: 'table', markdown: TABLE });
    ada = await pages.visit('/d/table', { guest: 'Ada' });
    await ada.writing();
  });
  after(async () => {
    await pages?.close();
  });

  const press = async (...keys: string[]) => {
    for (const key of keys) await ada.page.keyboard.press(key);
  };
  const type = (text: string) => ada.page.keyboard.type(text);
  const untilMarkdown = async (expected: string) => {
    let last = '';
    const isShown = async () => {
      last = await ada.markdown();
      return last === expected;
    };
    await until('it is written', isShown).catch(() => assert.equal(last, expected));
    await ada.validJson();
  };
  const begin = async (markdown: string) => {
    await pages.replace('table', markdown);
    await untilMarkdown(markdown);
  };
  const choose = async (label: string) => {
    await ada.page.locator('inkwire-editor .tool.labelled[aria-label="Table"]').click();
    await ada.page.getByRole('menuitem', { name: label }).click();
  };
  /** Selects from one cell to another. */
  const selectCells = (from: string, to: string) =>
    ada.page.evaluate(
      ([first, last]) => {
        const { editor } = document.querySelector('inkwire-editor')!;
        const cells: Record<string, number> = {};
        editor!.state.doc.descendants((node, position) => {
          if (/^table(?:Cell|Header)$/.test(node.type.name)) cells[node.textContent] = position;
        });
        editor!.commands.setCellSelection({ anchorCell: cells[first]!, headCell: cells[last]! });
        editor!.view.focus();
      },
      [from, to] as const,
    );
  const widths = (visitor: Visitor) =>
    visitor.page.evaluate(() =>
      [...document.querySelector('inkwire-editor')!.shadowRoot!.querySelectorAll('th')].map((cell) => cell.offsetWidth),
    );

  it('is walked through by Tab, which adds a row behind the last cell, and by arrows', async () => {
    await begin(TABLE);
    await ada.behind('a');
    await press('Tab', 'Tab', 'Tab', 'Tab');
    await type('e');
    await press('Shift+Tab');
    await type('D');
    await untilMarkdown('| a | b |\n| - | - |\n| c | D |\n| e | |\n');
    await press('ArrowLeft');
    await press('End', 'ArrowLeft', 'ArrowLeft');
    await type('C');
    await press('ArrowUp');
    await type('A');
    const shown = await ada.markdown();
    assert.match(shown, /\| (?:aA|Aa) \| b \|/);
    assert.match(shown, /\| (?:cC|Cc) \| D \|/);
  });

  it('has its cells merged and split, a header row and column, each taken back by one undo', async () => {
    await begin(TABLE);
    const before = await ada.validJson();
    await selectCells('c', 'd');
    await choose('Merge or split cells');
    await until('they are one', async () => /"colspan":2/.test(await ada.validJson()));
    await choose('Merge or split cells');
    await until('they are two', async () => !/"colspan":2/.test(await ada.validJson()));
    await press('ControlOrMeta+z');
    await until('they are one again', async () => /"colspan":2/.test(await ada.validJson()));
    await press('ControlOrMeta+z');
    await until('all is as before', async () => (await ada.validJson()) === before);
    await ada.behind('c');
    for (const [label, cells] of [
      ['Header row', ['tableCell', 'tableCell', 'tableCell', 'tableCell']],
      ['Header column', ['tableHeader', 'tableHeader', 'tableHeader', 'tableCell']],
    ] as const) {
      await choose(label);
      await until(label, async () => (await ada.validJson()).match(/table(?:Cell|Header)/g)!.join() === cells.join());
      await press('ControlOrMeta+z');
      await until(`${label} is taken back`, async () => (await ada.validJson()) === before);
    }
  });

  it('has columns of the width that was dragged, or set by keys, for all who look, and in HTML', async () => {
    await begin(TABLE);
    const ben = await pages.visit('/d/table', { guest: 'Ben' });
    await ben.writing();
    const [first] = await widths(ada);
    const edge = (await ada.page.locator('inkwire-editor th').first().boundingBox())!;
    const [x, y] = [edge.x + edge.width - 1, edge.y + edge.height / 2];
    await ada.page.mouse.move(x - 20, y);
    await ada.page.mouse.move(x, y);
    await ada.page.mouse.down();
    await ada.page.mouse.move(x - 60, y, { steps: 4 });
    await ada.page.mouse.move(x - 120, y, { steps: 4 });
    await ada.page.mouse.up();
    await until('Ben sees it', async () => Math.abs((await widths(ben))[0]! - (first! - 120)) <= 2);
    await ada.behind('a');
    await press('Alt+Shift+ArrowRight');
    await until('Ben sees it', async () => Math.abs((await widths(ben))[0]! - (first! - 96)) <= 2);
    const html = () => pages.exported('table', 'html');
    await until('it is exported', async () => (await html()).includes(`<col width="${Math.round(first! - 96)}">`));
    await press('ControlOrMeta+z');
    await until('a step is taken back', async () => Math.abs((await widths(ben))[0]! - (first! - 120)) <= 2);
    await choose('Columns as wide as needed');
    await until('it is as wide as before', async () => (await widths(ben))[0] === first);
    await ben.leave();
  });

  it('takes the cells of another that is pasted into it, from here and from elsewhere, in one step', async () => {
    await begin(`${TABLE}\nend\n`);
    await ada.behind('d');
    await paste(ada, { html: '<table><tr><td>1<td>2</tr><tr><td>3<td>4</tr></table>', text: '1\t2\n3\t4' });
    await untilMarkdown('| a | b | |\n| - | - | - |\n| c | 1 | 2 |\n| | 3 | 4 |\n\nend\n');
    await press('ControlOrMeta+z');
    await untilMarkdown(`${TABLE}\nend\n`);
    await selectCells('a', 'b');
    const html = await ada.page.evaluate(() => {
      const data = new DataTransfer();
      const { dom } = document.querySelector('inkwire-editor')!.editor!.view;
      dom.dispatchEvent(new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true }));
      return data.getData('text/html');
    });
    await ada.behind('c');
    await paste(ada, { html, text: 'a\tb' });
    await untilMarkdown('| a | b |\n| - | - |\n| **a** | **b** |\n\nend\n'.replaceAll('**', ''));
  });

  it('is selected by the cell first, then with the whole document', async () => {
    await begin(`${TABLE}\nend\n`);
    await ada.behind('c');
    await press('ControlOrMeta+a');
    await type('cell');
    await untilMarkdown(`${TABLE.replace('c', 'cell')}\nend\n`);
    await press('ControlOrMeta+a', 'ControlOrMeta+a');
    await type('all');
    await untilMarkdown('all\n');
  });
});

describe('a table of two', () => {
  let pages: Pages;
  let people: Visitor[];
  before(async () => {
    pages = await Pages.open();
    await pages.create({ name: 'shared', markdown: TABLE });
    people = await Promise.all(['Ada', 'Ben'].map((guest) => pages.visit('/d/shared', { guest })));
    await Promise.all(people.map((person) => person.writing()));
  });
  after(async () => {
    await pages?.close();
  });

  /** The cells of each row, a merged one as many as it spans, and so of the same number everywhere unless one spans rows. */
  const shapes = () =>
    Promise.all(
      people.map(async (person) => {
        const { content } = JSON.parse(await person.validJson()) as Shown;
        const rows = content.find(({ type }) => type === 'table')?.content ?? [];
        return rows.map((row) => (row.content ?? []).reduce((sum, { attrs: { colspan } }) => sum + colspan, 0));
      }),
    );
  const untilSame = async (what: string) => {
    let last: string[] = [];
    const areSame = async () => {
      last = await Promise.all(people.map((person) => person.validJson()));
      return last[0] === last[1] && (await Promise.all(people.map((person) => person.word()))).every((word) => word === 'Saved');
    };
    await until('both show the same, and all of it is saved', areSame).catch(() => assert.equal(last[0], last[1], what));
    return last[0]!;
  };

  it('[S6] is one table again after both changed its shape at once', async (t) => {
    const [ada, ben] = people as [Visitor, Visitor];
    const wires = [await Wire.tap(ada.page), await Wire.tap(ben.page)];
    for (const person of people) {
      await person.page.reload();
      await person.writing();
      await person.behind('d');
    }
    for (const wire of wires) {
      wire.hold(FrameType.Sync);
      t.after(() => wire.release());
    }
    const run = (person: Visitor, command: 'addRowAfter' | 'addColumnAfter') =>
      person.page.evaluate((name) => {
        const { editor } = document.querySelector('inkwire-editor')!;
        for (let times = 0; times < 2; times++) editor!.commands[name]();
      }, command);
    await Promise.all([run(ada, 'addRowAfter'), run(ben, 'addColumnAfter')]);
    assert.deepEqual(await shapes(), [
      [2, 2, 2, 2],
      [4, 4],
    ]);
    for (const wire of wires) wire.release();
    let last: number[][] = [];
    const isOne = async () => {
      last = await shapes();
      return last.every((rows) => rows.length === 4 && rows.every((cells) => cells === 4));
    };
    await until('it is one table', isOne).catch(() =>
      assert.deepEqual(last, [
        [4, 4, 4, 4],
        [4, 4, 4, 4],
      ]),
    );
    await untilSame('afterwards');
    assert.equal(await isOne(), true);
  });

  it('[S6] is valid and the same for both, whatever they do to it and undo', async (t) => {
    const random = seededRandom();
    t.diagnostic(`seed ${random.seed}`);
    const act = (person: Visitor, name: string) => {
      const action = ACTIONS[random.below(ACTIONS.length)]!;
      const arguments_ = [action, random.next(), random.next(), name] as const;
      return { action, done: person.page.evaluate(actAtRandom, arguments_) };
    };
    await pages.replace('shared', TABLE);
    for (let step = 0; step < STEPS; step++) {
      const before = await shapes();
      const acts = people.map((person, index) => act(person, String.fromCodePoint(0x4e00 + 2 * step + index)));
      await Promise.all(acts.map(({ done }) => done));
      const what = `step ${step}: ${acts.map(({ action }) => action).join(' and ')}, after ${JSON.stringify(before[0])}`;
      await untilSame(what);
      const [after] = await shapes();
      // A cell that both made another kind of stands there twice: nobody's words are thrown away. More comes of nothing.
      const most = 5 * Math.max(before[0]!.length, ...before[0]!) + 10;
      assert.ok(Math.max(after!.length, ...after!) <= most, `${what} came ${JSON.stringify(after)}`);
    }
  });
});

/** One thing that somebody does in a table, anywhere in it. */
function actAtRandom([action, at, to, letter]: readonly [(typeof ACTIONS)[number], number, number, string]): void {
  const { editor } = document.querySelector('inkwire-editor')!;
  const cells: number[] = [];
  editor!.state.doc.descendants((node, position) => {
    if (/^table(?:Cell|Header)$/.test(node.type.name)) cells.push(position);
  });
  const place = (part: number) => cells[Math.floor(part * cells.length)];
  if (cells.length > 0) {
    if (action === 'mergeOrSplit') editor!.commands.setCellSelection({ anchorCell: place(at)!, headCell: place(to)! });
    else editor!.commands.setTextSelection(place(at)! + 2);
  }
  if (action === 'type') editor!.commands.insertContent(letter);
  // Two who take all of it away leave nothing to try.
  else if (!/^delete/.test(action) || cells.length > 6) editor!.commands[action]();
}

interface Shown {
  readonly content: readonly {
    readonly type: string;
    readonly content: readonly { readonly content?: readonly { readonly attrs: { readonly colspan: number } }[] }[];
  }[];
}

const STEPS = 12;
const ACTIONS = [
  ...(['type', 'type', 'undo', 'undo', 'redo', 'addRowAfter', 'addRowBefore', 'addColumnAfter', 'addColumnBefore'] as const),
  ...(['deleteRow', 'deleteColumn', 'mergeOrSplit', 'mergeOrSplit', 'toggleHeaderRow', 'toggleHeaderColumn'] as const),
];
