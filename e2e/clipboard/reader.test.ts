import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toNode } from '../../document/conform.ts';
import { fromHtml } from '../../document/formats/from-html.ts';
import { latexOfMathml } from '../../document/formats/html/latex.ts';
import { toText } from '../../document/text.ts';
import { seededRandom } from '../seeded-random.ts';
import { clipboardFixtures } from './fixtures.ts';

const ROUNDS = 300;

describe('HTML as programs put it on the clipboard', () => {
  const fixtures = clipboardFixtures();

  it('is there from many of them', () => assert.ok(fixtures.length >= 60, `only ${fixtures.length}`));

  for (const { name, html, content } of fixtures) {
    it(`is read as meant: ${name}`, () => {
      const read = fromHtml(html, undefined, { latexOf: latexOfMathml });
      toNode(read.content);
      assert.deepEqual(read.content, content);
    });
  }
});

describe('any HTML', () => {
  const BLOCKS = [
    'div',
    'p',
    'section',
    'li',
    'ul',
    'ol',
    'td',
    'tr',
    'table',
    'blockquote',
    'h2',
    'dt',
    'dd',
    'figcaption',
    'details',
    'summary',
    'x-y',
    'pre',
    'center',
  ];
  const INLINES = [
    'b',
    'i',
    'span',
    'a href="x"',
    'code',
    'u',
    'font',
    'sup',
    'mark',
    'span style="font-weight:700"',
    'b style="font-weight:normal"',
  ];

  it('is read without a word lost or glued to another, as a valid document', (t) => {
    const random = seededRandom();
    t.diagnostic(`seed ${random.seed}`);
    for (let round = 0; round < ROUNDS; round++) {
      let words = 0;
      const chance = (share: number) => random.next() < share;
      const pick = <T>(from: readonly T[]) => from[random.below(from.length)] as T;
      const word = () => `w${++words}`;
      const line = (depth: number): string => {
        const name = pick(INLINES);
        const inner = depth > 3 || chance(0.5) ? ` ${word()} ` : ` ${line(depth + 1)} `;
        return `<${name}>${inner}${chance(0.1) ? '' : `</${name.split(' ')[0]}>`}`;
      };
      const block = (depth: number): string => {
        const name = pick(BLOCKS);
        const pieces = Array.from({ length: 1 + random.below(3) }, () =>
          depth > 4 || chance(0.4) ? (chance(0.5) ? word() : line(0)) : block(depth + 1),
        );
        const inner = chance(0.5) ? pieces.join('<br>') : pieces.map((piece) => `<div>${piece}</div>`).join('');
        return `<${name}>${inner}${chance(0.1) ? '' : `</${name}>`}`;
      };
      const html = block(0);
      const { content } = fromHtml(html);
      toNode(content);
      const found = toText(content)
        .split(/\s+/)
        .filter((piece) => piece !== '');
      const expected = Array.from({ length: words }, (_, at) => `w${at + 1}`);
      assert.deepEqual(found.toSorted(), expected.toSorted(), html);
    }
  });

  it('may be wide, deep or broken', () => {
    assert.equal(fromHtml('<p>x</p>'.repeat(50_000)).content.content?.length, 50_000);
    assert.match(toText(fromHtml(`${'<div>'.repeat(1_000)}deep`).content), /deep/);
    assert.throws(() => fromHtml('<div>'.repeat(200_000)), { code: 'bad-content' });
    for (const html of ['', '<', '<!--', '<table>', '<p', '\u0000', '<style>', '<b><p></b></p>']) toNode(fromHtml(html).content);
  });

  it('gives its title: of a heading 1 it begins with, else of the page', () => {
    assert.equal(fromHtml('<title>Page</title><h1>Head</h1>').title, 'Head');
    assert.equal(fromHtml('<title>Page</title><p>x</p>').title, 'Page');
    assert.equal(fromHtml('<p>x</p>').title, null);
  });
});
