import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ContentNode } from '../../content.ts';
import { toText } from '../../text.ts';
import { fromMarkdown } from '../from-markdown.ts';
import { toMarkdown } from '../to-markdown.ts';

const doc = (...content: ContentNode[]): ContentNode => ({ type: 'doc', content });
const read = (markdown: string) => ({ blocks: fromMarkdown(markdown).content.content! });

describe('the rules of Markdown that the parser itself has not', () => {
  it('reads math by the rule of Pandoc', () => {
    const formulas = (markdown: string) => JSON.stringify(read(markdown).blocks).split('inlineMath').length - 1;
    assert.equal(formulas('from $5 to $6'), 0);
    assert.equal(formulas('$x$ and $y_1 + 2$, but $z$5'), 2);
    assert.equal(formulas('$$5 to$$'), 1);
    assert.ok(JSON.stringify(read('from $5 *to* $6').blocks).includes('italic'));
  });

  it('reads formulas on lines of their own', () => {
    const latex = (markdown: string) => read(markdown).blocks.map(({ type, attrs }) => (type === 'blockMath' ? attrs?.latex : type));
    assert.deepEqual(latex('$$\na\n\nb\n$$\nc'), ['a\n\nb', 'paragraph']);
    assert.deepEqual(latex('text\n$$$\na $$ b\n$$$$'), ['paragraph', 'a $$ b']);
    assert.deepEqual(latex('$$ a\nb\n$$'), ['a\nb']);
    assert.deepEqual(latex('> $$\n> a\nb'), ['blockquote', 'paragraph']);
    assert.deepEqual(latex('$$ a $$\nb'), ['paragraph']);
    assert.deepEqual(latex('$$\nnever closed\n\nb'), ['never closed\n\nb']);
  });

  it('reads addresses by the rules of GFM', () => {
    const links = (markdown: string) =>
      [...JSON.stringify(read(markdown).blocks).matchAll(/"text":"([^"]*)","marks":\[\{"type":"link","attrs":\{"href":"([^"]*)"/g)].map(
        ([, text, href]) => [text, href],
      );
    assert.deepEqual(links('(see www.a.example/b_(c)), http://x.example/?q=1&amp;'), [
      ['www.a.example/b_(c)', 'http://www.a.example/b_(c)'],
      ['http://x.example/?q=1', 'http://x.example/?q=1'],
    ]);
    assert.deepEqual(links('**https://a.example/*b*** x.y-z+1@mail.example. a@b.c_ a@b'), [
      ['https://a.example/*b', 'https://a.example/*b'],
      ['x.y-z+1@mail.example', 'mailto:x.y-z+1@mail.example'],
    ]);
    assert.deepEqual(links('www\\.a.example xhttp://a.example http\\://a.example a\\@b.example `www.a.example` www.a_b.c_d'), []);
    const alt = 'http://a.example/?q=1\\\\_/ [b] **c** www.d.example';
    assert.equal(read(`x ![${alt}](/z)\n`).blocks[0]?.content?.[1]?.attrs?.alt, 'http://a.example/?q=1\\_/ [b] c www.d.example');
    assert.deepEqual(links('[x www.a.example](/y) ![www.a.example](/z)'), [['x www.a.example', '/y']]);
  });

  it('reads one and two tildes, and no three', () => {
    const struck = (markdown: string) =>
      toText(doc(...read(markdown).blocks)) + (JSON.stringify(read(markdown).blocks).includes('strike') ? ' -' : '');
    assert.deepEqual(['~a~', '~~a~~', '~a~~', 'a~~~b~~~', '~ a~', '\\~a~'].map(struck), ['a -', 'a -', '~a~~', 'a~~~b~~~', '~ a~', '~a~']);
    assert.equal(toMarkdown(doc(...read('*a ~~b* c~~ ~~*d*~~').blocks)), '*a \\~\\~b* c\\~\\~ *~~d~~*\n');
  });

  it('keeps the spaces that a cell begins and ends with, which are trimmed when they stand there as they are', () => {
    const markdown = '| a&#xA0; |\n| - |\n| &#x3000;b |\n';
    assert.equal(toMarkdown(doc(...read(markdown).blocks)), markdown);
    assert.equal(toText(doc(...read(markdown).blocks)), 'a\u00a0\n\u3000b');
  });

  it('takes a line separator beside emphasis for a space, as it is printed', () => {
    for (const markdown of ['*~~\\*~~*\u2028- x\n', 'a *b*\u2028c\n', '*\uFEFFb*\n', 'a\u2029**b**c\n']) {
      const { blocks } = read(markdown);
      assert.deepEqual(read(toMarkdown(doc(...blocks))).blocks, blocks, JSON.stringify(markdown));
    }
    assert.equal(toMarkdown(doc(...read('*~~\\*~~*\u2028- x\n').blocks)), '*~~\\*~~*\u2028- x\n');
  });

  it('finds footnotes in whatever letters, and lets nothing else be one', () => {
    const { blocks } = read('a[^Ä1] b[^no] c[^x](/y)\n[^ä1]:\n\n    one\n\n    - two\n\nafter\n');
    assert.deepEqual(
      blocks.map(({ type }) => type),
      ['paragraph', 'footnoteDefinition', 'paragraph'],
    );
    assert.equal(toText(doc(...blocks)).includes('b[^no] c'), true);
    assert.equal(toText(doc(blocks[1]!)), '[ä1] one\ntwo');
  });

  it('keeps the cells of a row that are more than its header has', () => {
    const { blocks } = read('> | a |\n> | - |\n> | b | c \\| d | e |\n> | f\n');
    assert.deepEqual(
      blocks[0]!.content![0]!.content!.map((row) => row.content!.map((cell) => toText(cell))),
      [
        ['a', '', ''],
        ['b', 'c | d', 'e'],
        ['f', '', ''],
      ],
    );
  });
});
