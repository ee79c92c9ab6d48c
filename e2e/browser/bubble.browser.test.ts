import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { until } from '../wait.ts';
import { faults } from './axe.ts';
import { Pages, type Visitor } from './open-pages.ts';

describe('at the selection', () => {
  let pages: Pages;
  let ada: Visitor;
  before(async () => {
    pages = await Pages.open();
    await pages.create({
      name: 'bubble',
      markdown: 'Some plain words.\n\nA [link](https://x.example/path).\n\n| a | b |\n| - | - |\n| c | d |\n',
    });
    ada = await pages.visit('/d/bubble', { guest: 'Ada' });
    await ada.writing();
  });
  after(async () => {
    await pages?.close();
  });

  const untilMarkdown = async (expected: RegExp) => {
    let last = '';
    const isWritten = async () => {
      last = await ada.page.evaluate(() => document.querySelector('inkwire-editor')!.getMarkdown());
      return expected.test(last);
    };
    await until('it is written so', isWritten).catch(() => assert.match(last, expected));
  };
  const bubble = () => ada.page.locator('inkwire-editor .bubble');

  it('a bubble above selected words marks them and turns their block into another, and goes with the selection', async () => {
    await ada.select(6, 11);
    await bubble().waitFor();
    await bubble().getByTitle('Bold').click();
    await untilMarkdown(/^Some \*\*plain\*\* words\.\n/);
    assert.equal(await bubble().getByTitle('Bold').getAttribute('aria-pressed'), 'true');
    await bubble().getByTitle('Turn into').click();
    await ada.page.getByRole('menuitem', { name: 'Quote' }).click();
    await untilMarkdown(/^> Some \*\*plain\*\* words\.\n/);
    assert.deepEqual(await faults(ada), []);
    await ada.page.keyboard.press('ArrowRight');
    await bubble().waitFor({ state: 'detached' });
  });

  it('a link says where it leads, and is removed there', async () => {
    await ada.page.evaluate(() => {
      const { editor } = document.querySelector('inkwire-editor')!;
      editor!.state.doc.descendants((node, position) => {
        if (node.isText && node.marks.some(({ type }) => type.name === 'link')) editor!.commands.setTextSelection(position + 2);
      });
    });
    const address = bubble().locator('a');
    await address.waitFor();
    assert.equal(await address.textContent(), 'x.example/path');
    assert.equal(await address.getAttribute('rel'), 'noopener noreferrer nofollow');
    await bubble().getByTitle('Remove the link').click();
    await untilMarkdown(/\nA link\.\n/);
  });

  it('a column is put on a side in one step, and back', async () => {
    await ada.page.evaluate(() => {
      const { editor } = document.querySelector('inkwire-editor')!;
      editor!.state.doc.descendants((node, position) => {
        if (node.isText && node.text === 'd') editor!.commands.setTextSelection(position);
      });
    });
    await ada.page.locator('inkwire-editor .tool.labelled[aria-label="Table"]').click();
    await ada.page.getByRole('menuitemradio', { name: 'Column to the right' }).click();
    await untilMarkdown(/\| - \| -: \|/);
    await ada.page.keyboard.press('ControlOrMeta+z');
    await untilMarkdown(/\| - \| - \|/);
  });
});

describe('a block', () => {
  let pages: Pages;
  let ada: Visitor;
  before(async () => {
    pages = await Pages.open();
    await pages.create({ name: 'blocks', markdown: 'One.\n\nTwo.\n\n- three\n- four\n' });
    ada = await pages.visit('/d/blocks', { guest: 'Ada' });
    await ada.writing();
  });
  after(async () => {
    await pages?.close();
  });

  const untilMarkdown = async (expected: string) => {
    let last = '';
    const isWritten = async () => {
      last = await ada.page.evaluate(() => document.querySelector('inkwire-editor')!.getMarkdown());
      return last === expected;
    };
    await until('it is written so', isWritten).catch(() => assert.equal(last, expected));
  };

  it('is moved and duplicated by keys, an item within its list, the caret with it', async () => {
    const { keyboard } = ada.page;
    await ada.select(3);
    await keyboard.press('Alt+Shift+ArrowDown');
    await untilMarkdown('Two.\n\nOne.\n\n- three\n- four\n');
    await keyboard.type('!');
    await untilMarkdown('Two.\n\nOn!e.\n\n- three\n- four\n');
    await keyboard.press('Alt+Shift+ArrowUp');
    await keyboard.press('Alt+Shift+ArrowUp');
    await untilMarkdown('On!e.\n\nTwo.\n\n- three\n- four\n');
    // "On!e." and "Two." are 13 long with their edges, "three" 9 with its item's.
    await ada.select(13 + 1 + 9 + 4);
    await keyboard.press('Alt+Shift+ArrowUp');
    await untilMarkdown('On!e.\n\nTwo.\n\n- four\n- three\n');
    await keyboard.press('ControlOrMeta+Shift+d');
    await untilMarkdown('On!e.\n\nTwo.\n\n- four\n- four\n- three\n');
    await keyboard.press('ControlOrMeta+z');
    await untilMarkdown('On!e.\n\nTwo.\n\n- four\n- three\n');
  });

  it('has a handle under the mouse: its menu deletes and turns it into another, and dragged it moves', async () => {
    const { page } = ada;
    const handle = page.locator('inkwire-editor .block-handle');
    await page.getByText('Two.').hover();
    await handle.click();
    await page.getByRole('menuitemradio', { name: 'Heading 2' }).click();
    await untilMarkdown('On!e.\n\n## Two.\n\n- four\n- three\n');
    await page.getByText('On!e.').hover();
    const list = (await page.getByText('three').boundingBox())!;
    const grip = (await handle.boundingBox())!;
    await page.mouse.move(grip.x + 10, grip.y + 10);
    await page.mouse.down();
    await page.mouse.move(list.x + 20, list.y + list.height + 8, { steps: 4 });
    await page.mouse.move(list.x + 20, list.y + list.height + 12, { steps: 2 });
    await page.mouse.up();
    await untilMarkdown('## Two.\n\n- four\n- three\n\nOn!e.\n');
    await page.keyboard.press('ControlOrMeta+z');
    await untilMarkdown('On!e.\n\n## Two.\n\n- four\n- three\n');
    await page.getByRole('heading', { name: 'Two.' }).hover();
    await handle.click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await untilMarkdown('On!e.\n\n- four\n- three\n');
  });
});
