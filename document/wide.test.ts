import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as Y from 'yjs';
import { conform } from './conform.ts';
import type { ContentNode } from './content.ts';
import { fromMarkdown } from './formats/from-markdown.ts';
import { toHtmlFragment } from './formats/to-html.ts';
import { toMarkdown } from './formats/to-markdown.ts';
import { readContent, replaceContent, writeInitialContent } from './live.ts';
import { toText } from './text.ts';

/** More than V8 takes as the arguments of one call. */
const WIDE = 150_000;

const text = (value: string): ContentNode => ({ type: 'text', text: value });
const p = (...content: ContentNode[]): ContentNode => ({ type: 'paragraph', content });
const doc = (...content: ContentNode[]): ContentNode => ({ type: 'doc', content });
const fitted = (content: ContentNode) => conform(content, (warning) => assert.fail(warning));
const wide = (make: (at: number) => ContentNode, length = WIDE) => Array.from({ length }, (_, at) => make(at));

const line = doc({ type: 'paragraph', content: wide((at) => (at % 2 === 0 ? text('a') : { type: 'hardBreak' })) });
const table = (rows: number, line: ContentNode) =>
  doc({ type: 'table', content: wide(() => ({ type: 'tableRow', content: [{ type: 'tableCell', content: [line] }] }), rows) });

describe('a node with very many children', () => {
  it('is written, text and all', () => {
    const document = new Y.Doc();
    writeInitialContent(document, line);
    assert.deepEqual(readContent(document), line);
  });

  it('is written within another', () => {
    const document = new Y.Doc();
    const inner = p(...line.content![0]!.content!.slice(0, 10_001));
    const content = doc(p(text('before')), ...table(10_001, p(text('c'))).content!, { type: 'blockquote', content: [inner, inner] });
    writeInitialContent(document, content);
    assert.deepEqual(conform(readContent(document), assert.fail), fitted(content));
  });

  it('stays as it was when something else is replaced', () => {
    const document = new Y.Doc();
    writeInitialContent(document, doc(...line.content!, p(text('before'))));
    const [kept] = document.getXmlFragment('default').toArray();
    const before = Y.encodeStateVector(document);
    replaceContent(document, doc(...line.content!, p(text('after'))));
    assert.equal(document.getXmlFragment('default').get(0), kept);
    assert.ok(Y.encodeStateAsUpdate(document, before).length < 200);
  });

  it('is exported, as a line and as rows', () => {
    assert.equal(toText(line).length, WIDE);
    assert.equal(toHtmlFragment(line).split('<br>').length, WIDE / 2 + 1);
    assert.equal(toMarkdown(table(WIDE, p(text('c')))).split('\n').length, WIDE + 2);
    assert.equal(toMarkdown(table(1, line.content![0]!)).split('<br>').length, WIDE / 2 + 1);
  });

  it('is read from Markdown, within a tag or many that are not closed', () => {
    const { content } = fromMarkdown(`<u>${'a<br>'.repeat(WIDE / 2)}</u>`);
    assert.equal(content.content![0]!.content!.length, WIDE);
    assert.equal(toText(fromMarkdown('<b>'.repeat(50_000)).content).length, 150_000);
    const nested = fromMarkdown(`${'<b>'.repeat(12_000)}x${'</b>'.repeat(12_000)}`).content;
    assert.deepEqual(nested, doc(p({ ...text('x'), marks: [{ type: 'bold' }] })));
  });
});

describe('tags within a line', () => {
  const marked = (markdown: string) =>
    fromMarkdown(markdown).content.content![0]!.content!.map(({ text, marks = [] }) => [text, ...marks.map(({ type }) => type)].join(' '));
  for (const [markdown, pieces] of [
    ['a <u>b <i>c</i> d</u> e', ['a ', 'b  underline', 'c italic underline', ' d underline', ' e']],
    ['<u>a <i>b</u> c</i>', ['a <i>b underline', ' c</i>']],
    ['<i><u>a</i> <u>b</u></u>', ['<u>a italic', ' ', 'b underline', '</u>']],
    ['a</u> <u>b', ['a</u> <u>b']],
    ['<u>a<br>b</u>', ['a underline', '', 'b underline']],
  ] as [string, string[]][]) {
    it(`pair up in ${markdown}`, () => assert.deepEqual(marked(markdown), pieces));
  }
});
