import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { until } from '../wait.ts';
import { Pages, type Visitor } from './open-pages.ts';

describe('without a mouse', () => {
  let pages: Pages;
  before(async () => {
    pages = await Pages.open();
  });
  after(async () => {
    await pages?.close();
  });

  const html = (visitor: Visitor) => visitor.page.evaluate(() => document.querySelector('inkwire-editor')!.getHTML());
  const fresh = async (): Promise<Visitor> => {
    const visitor = await pages.visit(`/d/${crypto.randomUUID()}`, { permissions: ['clipboard-read', 'clipboard-write'] });
    await visitor.writing();
    return visitor;
  };

  it('one makes a document, writes, formats from the toolbar and goes back', async () => {
    const ada = await pages.visit('/');
    const { keyboard } = ada.page;
    await ada.page.getByRole('link', { name: /Welcome/ }).waitFor();
    await keyboard.press('n');
    await ada.writing();
    await keyboard.type('Plain ');
    await keyboard.press('Alt+F10');
    // One tab stop: the first control; arrows go on to Bold.
    await keyboard.press('ArrowRight');
    const bold = ada.page.getByRole('button', { name: 'Bold' });
    await until('Bold has the focus', () => bold.evaluate((button) => button.matches(':focus')));
    await keyboard.press('Enter');
    await keyboard.type('strong');
    await ada.untilText('Plain strong');
    assert.match(await html(ada), /<p>Plain <strong>strong<\/strong><\/p>/);
    assert.equal(await bold.getAttribute('aria-pressed'), 'true');

    await keyboard.press('Alt+F10');
    await keyboard.press('End');
    await keyboard.press('Home');
    await keyboard.press('Enter');
    await ada.page.getByRole('menu', { name: 'Block type' }).waitFor();
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await until('it is a heading', async () => (await html(ada)).startsWith('<h2>'));
    await keyboard.press('Alt+F10');
    await keyboard.press('Escape');
    await keyboard.type('!');
    await ada.untilText('Plain strong!');
    await ada.untilWord('Saved');

    for (
      let tab = 0;
      tab < 12 && !(await ada.page.evaluate(() => document.activeElement?.getAttribute('aria-label') === 'Documents'));
      tab += 1
    ) {
      await keyboard.press('Shift+Tab');
    }
    await keyboard.press('Enter');
    await ada.page.getByRole('heading', { name: 'Documents' }).waitFor();
    assert.deepEqual(ada.complaints, []);
    await ada.leave();
  });

  it('the toolbar is one tab stop, and Tab leaves the text after Escape', async () => {
    const ada = await fresh();
    const stops = await ada.page
      .getByRole('toolbar')
      .locator('button')
      .evaluateAll((buttons) => buttons.filter((button) => (button as HTMLElement).tabIndex === 0).length);
    assert.equal(stops, 1);
    await ada.page.keyboard.type('- item');
    await ada.page.keyboard.press('Escape');
    await ada.page.keyboard.press('Tab');
    await until('the text has lost the focus', () => ada.page.evaluate(() => !document.querySelector('inkwire-editor')!.editor!.isFocused));
    await ada.leave();
  });

  it('the slash menu is a listbox the editor points at', async () => {
    const ada = await fresh();
    const { keyboard } = ada.page;
    await keyboard.type('/he');
    await ada.page.getByRole('listbox', { name: 'Insert' }).waitFor();
    const area = await ada.writing();
    assert.equal(await area.getAttribute('aria-activedescendant'), 'slash-0');
    await keyboard.press('ArrowDown');
    assert.equal(await area.getAttribute('aria-activedescendant'), 'slash-1');
    assert.equal(await ada.page.locator('#slash-1').getAttribute('aria-selected'), 'true');
    await keyboard.press('Enter');
    await ada.page.getByRole('listbox').waitFor({ state: 'detached' });
    assert.equal(await area.getAttribute('aria-activedescendant'), null);
    await keyboard.type('Chapter');
    assert.match(await html(ada), /^<h2>Chapter<\/h2>/);

    await keyboard.press('Enter');
    await keyboard.type('either /');
    await ada.page.getByRole('listbox').waitFor();
    await keyboard.press('Escape');
    await ada.page.getByRole('listbox').waitFor({ state: 'detached' });
    await keyboard.type('or');
    await ada.untilText('Chapter\neither /or');
    await ada.leave();
  });

  it('Markdown is understood as it is typed, and when it is pasted', async () => {
    const ada = await fresh();
    const { keyboard } = ada.page;
    await keyboard.type('# Title');
    await keyboard.press('Enter');
    await keyboard.type('Some **bold** and `code` and $x^2$ here.');
    const typed = await html(ada);
    assert.match(typed, /<h1>Title<\/h1>/);
    assert.match(typed, /<strong>bold<\/strong> and <code>code<\/code> and <span[^>]*data-latex="x\^2"/);

    await ada.page.evaluate(() =>
      navigator.clipboard.writeText('## Pasted\n\n- [x] done\n- [ ] open\n\n| a | b |\n| - | - |\n| 1 | 2 |\n'),
    );
    await keyboard.press('Enter');
    await keyboard.press('ControlOrMeta+v');
    await until('it is there', async () => (await html(ada)).includes('<h2>Pasted</h2>'));
    assert.match(await html(ada), /<li[^>]*data-checked="true"/);
    assert.match(await html(ada), /<table/);
    assert.match(await ada.page.evaluate(() => document.querySelector('inkwire-editor')!.getMarkdown()), /- \[x\] done/);
    assert.deepEqual(ada.complaints, []);
    await ada.leave();
  });

  it('what is copied is clean HTML, and Markdown as text', async () => {
    const ada = await fresh();
    await ada.page.keyboard.type('# Title');
    await ada.page.keyboard.press('Enter');
    await ada.page.keyboard.type('Some **bold** text');
    // The converter comes while the page is idle; asking for it waits until it is there.
    await ada.page.evaluate(() => document.querySelector('inkwire-editor')!.getMarkdown());
    await ada.page.keyboard.press('ControlOrMeta+a');
    await ada.page.keyboard.press('ControlOrMeta+c');
    const [text, markup] = await ada.page.evaluate(async () => {
      const [item] = await navigator.clipboard.read();
      return Promise.all(['text/plain', 'text/html'].map(async (type) => (await item!.getType(type)).text()));
    });
    assert.equal(text, '# Title\n\nSome **bold** text');
    assert.match(markup!, /<h1[^>]*>Title<\/h1><p>Some <strong>bold<\/strong> text<\/p>/);
    assert.doesNotMatch(markup!, /dir="auto"/);
    await ada.leave();
  });

  it('links, formulas and tables are made and changed', async () => {
    const ada = await fresh();
    const { keyboard } = ada.page;
    await keyboard.type('home');
    await ada.select(1, 'end');
    await keyboard.press('ControlOrMeta+k');
    await ada.page.getByRole('dialog', { name: 'Link' }).waitFor();
    await keyboard.type('javascript:alert(1)');
    await keyboard.press('Enter');
    await ada.page.getByText('This kind of address cannot be linked.').waitFor();
    await keyboard.press('ControlOrMeta+a');
    await keyboard.type('example.org');
    await keyboard.press('Enter');
    await until('it is linked', async () => (await html(ada)).includes('href="https://example.org"'));

    await ada.select('end');
    await keyboard.press('Enter');
    await keyboard.type('/formula');
    await ada.page.getByRole('listbox').waitFor();
    await keyboard.press('Enter');
    await ada.page.getByRole('dialog', { name: 'Formula' }).waitFor();
    await keyboard.type('a^2');
    await keyboard.press('Enter');
    await ada.page.locator('inkwire-editor .math .katex').waitFor();
    await ada.page.locator('inkwire-editor .math').click();
    await keyboard.press('End');
    await keyboard.type(' + b^2');
    await keyboard.press('Enter');
    await until('it is changed', async () => (await html(ada)).includes('data-latex="a^2 + b^2"'));

    await ada.page.evaluate(() => {
      const { editor } = document.querySelector('inkwire-editor')!;
      editor!.commands.insertContentAt(editor!.state.doc.content.size, { type: 'paragraph' });
    });
    await ada.select('end');
    await keyboard.type('/table');
    await ada.page.getByRole('listbox').waitFor();
    await keyboard.press('Enter');
    await keyboard.type('one');
    await keyboard.press('Tab');
    await keyboard.type('two');
    await ada.page.getByRole('button', { name: 'Table' }).last().click();
    await ada.page.getByRole('menuitem', { name: 'Delete column' }).click();
    await until('a column is gone', async () => ((await html(ada)).match(/<th\b/g) ?? []).length === 2);
    assert.deepEqual(ada.complaints, []);
    await ada.leave();
  });
});
