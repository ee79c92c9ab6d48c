import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Editor } from '@tiptap/core';
import type { ContentNode } from '../../document/content.ts';
import { clipboardFixtures } from '../clipboard/fixtures.ts';
import { until } from '../wait.ts';
import { Pages } from './open-pages.ts';

type Visitor = Awaited<ReturnType<Pages['visit']>>;
type Flavours = Readonly<Record<string, string>>;

/** Replaces all that is written by nothing, and pastes. */
async function paste({ page }: Visitor, flavours: Flavours, keys: { readonly shift?: true } = {}): Promise<void> {
  await page.evaluate(
    ([given, shift]) => {
      const { editor } = document.querySelector('inkwire-editor') as unknown as { editor: Editor };
      editor.commands.clearContent();
      editor.commands.focus();
      const data = new DataTransfer();
      for (const [type, text] of Object.entries(given)) data.setData(type, text);
      const { dom } = editor.view;
      dom.dispatchEvent(new KeyboardEvent('keydown', { key: 'v', ctrlKey: true, shiftKey: shift, bubbles: true }));
      dom.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    },
    [flavours, keys.shift === true] as const,
  );
}

/** The HTML of all of a document on the clipboard. */
function copied({ page }: Visitor, content: ContentNode): Promise<string> {
  return page.evaluate((given) => {
    const { editor } = document.querySelector('inkwire-editor') as unknown as { editor: Editor };
    editor.commands.setContent(given);
    editor.commands.selectAll();
    const data = new DataTransfer();
    editor.view.dom.dispatchEvent(new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true }));
    return data.getData('text/html');
  }, content);
}

/** What is written, as the content that its server would hand out; whether it is just that. */
async function reads({ page }: Visitor, content: ContentNode): Promise<string | null> {
  return page.evaluate((expected) => {
    const { editor } = document.querySelector('inkwire-editor') as unknown as { editor: Editor };
    const wanted = editor.schema.nodeFromJSON(expected);
    return wanted.eq(editor.state.doc) ? null : JSON.stringify(editor.getJSON());
  }, content);
}

async function untilReads(visitor: Visitor, what: string, content: ContentNode): Promise<void> {
  let last: string | null = '';
  const isRead = async () => {
    last = await reads(visitor, content);
    return last === null;
  };
  await until(`${what} reads as meant`, isRead, 10_000).catch(() => assert.fail(`${what}: ${last}`));
}

const text = (value: string, ...marks: string[]): ContentNode =>
  marks.length > 0 ? { type: 'text', text: value, marks: marks.map((type) => ({ type })) } : { type: 'text', text: value };
const p = (...content: ContentNode[]): ContentNode => ({ type: 'paragraph', content });
const doc = (...content: ContentNode[]): ContentNode => ({ type: 'doc', content });

describe('what a writer pastes', () => {
  let pages: Pages;
  let ada: Visitor;
  before(async () => {
    pages = await Pages.open();
    await pages.create({ name: 'pasted', markdown: 'x' });
    ada = await pages.visit('/d/pasted', { guest: 'Ada' });
    await ada.writing();
  });
  after(async () => {
    await ada?.leave();
    await pages?.close();
  });

  it('reads as the server reads it, from every program there is a fixture of', async () => {
    for (const { name, html, content } of clipboardFixtures()) {
      await paste(ada, { 'text/html': html, 'text/plain': 'the same as text' });
      await untilReads(ada, name, content);
    }
    // The pictures of fixtures are nowhere.
    assert.deepEqual(
      ada.complaints.filter((complaint) => !/ERR_NAME_NOT_RESOLVED|ERR_INTERNET_DISCONNECTED/.test(complaint)),
      [],
    );
  });

  it('is code when it was copied from VS Code, and text within a line', async () => {
    const vscode = JSON.stringify({ version: 1, mode: 'typescript' });
    await paste(ada, { 'text/html': '<div>colours</div>', 'text/plain': 'if (a) {\n  b();\n}\n', 'vscode-editor-data': vscode });
    const code = { type: 'codeBlock', attrs: { language: 'typescript' }, content: [text('if (a) {\n  b();\n}')] };
    await untilReads(ada, 'a block of code', doc(code));
  });

  it('is Markdown when it looks so, with the formulas of chats, also where HTML only wraps it', async () => {
    await paste(ada, { 'text/plain': 'So \\(a^2\\):\n\n\\[\nb^2\n\\]\n\n- one\n- two' });
    const formula = { type: 'inlineMath', attrs: { latex: 'a^2' } };
    const items = ['one', 'two'].map((word) => ({ type: 'listItem', content: [p(text(word))] }));
    const expected = doc(
      p(text('So '), formula, text(':')),
      { type: 'blockMath', attrs: { latex: 'b^2' } },
      { type: 'bulletList', content: items },
    );
    await untilReads(ada, 'an answer', expected);
    await paste(ada, { 'text/html': '<div># Head</div><div>**bold** and `code`</div>', 'text/plain': '# Head\n\n**bold** and `code`' });
    await untilReads(
      ada,
      'wrapped',
      doc({ type: 'heading', attrs: { level: 1 }, content: [text('Head')] }, p(text('bold', 'bold'), text(' and '), text('code', 'code'))),
    );
  });

  it('is whole paragraphs when a page had wrapped its lines, and the text alone with Shift', async () => {
    const wrapped =
      'This is a paragraph as a reader of PDF files puts it on the\nclipboard: each line of the page is a line of the text, and\na long word at the end of a line may have been hyphen-\nated by the page.';
    await paste(ada, { 'text/plain': wrapped });
    await untilReads(ada, 'a PDF', doc(p(text(wrapped.replace('hyphen-\n', 'hyphen').replaceAll('\n', ' ')))));
    await paste(ada, { 'text/html': '<p>one <b>two</b></p><p>three</p>', 'text/plain': 'one two\n\nthree' }, { shift: true });
    await untilReads(ada, 'text alone', doc(p(text('one two')), p(text('three'))));
  });

  it('says under the caret what was simplified, and undoes it', async () => {
    await paste(ada, { 'text/html': '<p>Watch:</p><iframe src="https://video.example.org/1"></iframe>', 'text/plain': 'Watch:' });
    const note = ada.page.locator('inkwire-editor .paste-note');
    await note.waitFor();
    assert.equal(await note.getAttribute('role'), 'status');
    assert.match((await note.textContent()) ?? '', /^1 thing was simplified: What was embedded as <iframe> was replaced by a link\./);
    await note.getByRole('button', { name: 'Undo' }).click();
    await note.waitFor({ state: 'detached' });
    await until('it is undone', async () => !(await ada.page.locator('inkwire-editor .tiptap').textContent())?.includes('Watch'));
  });

  it('stands in its column as it did', async () => {
    await paste(ada, {
      'text/html': '<table><tr><td>a</td><td align=right>1</td></tr><tr><td>b</td><td style="text-align:right">2</td></tr></table>',
    });
    const cells = ada.page.locator('inkwire-editor td p');
    await until('it is there', async () => (await cells.count()) === 4);
    const sides = await cells.evaluateAll((all) => all.map((cell) => getComputedStyle(cell).textAlign));
    assert.deepEqual(sides, ['start', 'right', 'start', 'right']);
  });

  it('goes to other programs with its looks on it: borders, boxes, the name of a callout', async () => {
    const content = doc(
      { type: 'callout', attrs: { kind: 'tip' }, content: [p(text('Save', 'highlight'))] },
      { type: 'taskList', content: [{ type: 'taskItem', attrs: { checked: true }, content: [p(text('done'))] }] },
      {
        type: 'table',
        content: [{ type: 'tableRow', content: [{ type: 'tableHeader', attrs: { align: 'right' }, content: [p(text('a'))] }] }],
      },
    );
    const html = await copied(ada, content);
    assert.match(
      html,
      /<div[^>]* style="border-left: 3px solid[^>]*><p data-added=""[^>]*>Tip<\/p><p><mark style="background-color:[^>]*>Save/,
    );
    assert.match(html, /<span data-added="">☑ <\/span>done/);
    assert.match(html, /<th [^>]*style="border: 1px solid[^>]*text-align: right/);
    assert.doesNotMatch(html, /<input/);
  });

  it('stays as it is when it is copied here and pasted here', async () => {
    for (const { name, content } of clipboardFixtures()) {
      const html = await copied(ada, content);
      await paste(ada, { 'text/html': html });
      await untilReads(ada, name, content);
    }
  });
});
