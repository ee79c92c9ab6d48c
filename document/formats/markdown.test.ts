import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { type ContentNode, collectWarnings } from '../content.ts';
import { toText } from '../text.ts';
import { fromMarkdown } from './from-markdown.ts';
import { toMarkdown } from './to-markdown.ts';

const text = (value: string, ...marks: string[]): ContentNode => ({
  type: 'text',
  text: value,
  ...(marks.length > 0 ? { marks: marks.map((type) => ({ type })) } : {}),
});
const node = (type: string, ...content: ContentNode[]): ContentNode => ({ type, ...(content.length > 0 ? { content } : {}) });
const p = (...content: (ContentNode | string)[]) =>
  node('paragraph', ...content.map((item) => (typeof item === 'string' ? text(item) : item)));
const doc = (...content: ContentNode[]) => node('doc', ...content);
const call = (label: string): ContentNode => ({ type: 'footnoteReference', attrs: { label } });
const note = (label: string, ...content: ContentNode[]): ContentNode => ({ ...node('footnoteDefinition', ...content), attrs: { label } });
const section = (open: boolean, summary: ContentNode[], ...content: ContentNode[]): ContentNode => ({
  ...node('details', node('detailsSummary', ...summary), ...content),
  attrs: { open },
});
const br: ContentNode = { type: 'hardBreak' };

function read(markdown: string): { blocks: ContentNode[]; warnings: string[] } {
  const { warn, warnings } = collectWarnings();
  return { blocks: fromMarkdown(markdown, warn).content.content!, warnings };
}

/** Documents that Markdown can say, and how they are said. */
const EXACT: [name: string, content: ContentNode[], markdown: string][] = [
  ['a number sign in a paragraph', [p('# text')], '\\# text\n'],
  ['dollars in prose', [p('$5 to $6')], '\\$5 to \\$6\n'],
  ['a fence that holds fences', [node('codeBlock', text('```js\na\n```'))], '````\n```js\na\n```\n````\n'],
  ['a hard break at the end', [p('end', br)], 'end<br>\n'],
  ['hard breaks at the start', [p(br, '# a')], '\\\n\\# a\n'],
  ['nothing but a hard break', [p(br)], '<br>\n'],
  ['bold next to a letter', [p(text('a.', 'bold'), 'b')], '**a.**&#x62;\n'],
  ['bold next to italic', [p(text('a', 'bold'), text('b', 'italic'))], '**a**_b_\n'],
  ['bold across code', [p(text('run ', 'bold'), text('x', 'bold', 'code'), text(' now', 'bold'))], '**run `x` now**\n'],
  ['underline and highlight', [p(text('a', 'underline'), text('b', 'highlight'))], '<u>a</u><mark>b</mark>\n'],
  ['code with backticks', [p(text('a`b', 'code'))], '``a`b``\n'],
  ['spaces at the start', [p('  a')], '&#x20; a\n'],
  ['an address that is no link', [p('www.example.org')], 'www\\.example.org\n'],
  ['entities as text', [p('&amp; <b>')], '\\&amp; \\<b>\n'],
  ['a list in a list in a list', [node('bulletList', node('listItem', node('bulletList', node('listItem', p('a')))))], '- - a\n'],
  ['an item that begins with code', [node('bulletList', node('listItem', node('codeBlock', text('x'))))], '- ```\n  x\n  ```\n'],
  ['two lists side by side', [node('bulletList', node('listItem', p('a'))), node('bulletList', node('listItem', p('b')))], '- a\n\n* b\n'],
  ['a loose item in a list', [node('bulletList', node('listItem', p('a'), p('b')), node('listItem', p('c')))], '- a\n\n  b\n\n- c\n'],
  [
    'a numbered list from another number',
    [{ ...node('orderedList', node('listItem', p('a')), node('listItem', p('b'))), attrs: { start: 7 } }],
    '7. a\n8. b\n',
  ],
  [
    'tasks, one of them empty',
    [node('taskList', { ...node('taskItem', p('a')), attrs: { checked: true } }, { ...node('taskItem', p()), attrs: { checked: false } })],
    '- [x] a\n- [ ] <!-- -->\n',
  ],
  ['inline math before a digit', [p({ type: 'inlineMath', attrs: { latex: 'x' } }, '5')], '$$x$$5\n'],
  ['block math', [{ type: 'blockMath', attrs: { latex: 'a\n\nb' } }], '$$\na\n\nb\n$$\n'],
  ['an image', [{ type: 'image', attrs: { src: 'a b.png', alt: 'A', title: 'T' } }], '![A](<a b.png> "T")\n'],
  ['an image with a size', [{ type: 'image', attrs: { src: 'a.png', width: 20 } }], '<img src="a.png" width="20">\n'],
  [
    'a badge',
    [p('see ', { type: 'inlineImage', attrs: { src: 'b.svg', alt: 'ok', href: 'https://x.example' } })],
    'see [![ok](b.svg)](https://x.example)\n',
  ],
  [
    'a fence with a language and more',
    [{ ...node('codeBlock', text('a')), attrs: { language: 'ts', meta: 'title="a b"' } }],
    '```ts title="a b"\na\n```\n',
  ],
  [
    'frontmatter',
    [{ ...node('codeBlock', text('title: x')), attrs: { language: 'yaml', meta: 'frontmatter' } }, p('a')],
    '---\ntitle: x\n---\n\na\n',
  ],
  ['a rule', [node('horizontalRule'), p('a')], '___\n\na\n'],
  ['raised and lowered text', [p('H', text('2', 'subscript'), 'O', text('x', 'superscript'))], 'H<sub>2</sub>O<sup>x</sup>\n'],
  ['a footnote', [p('a', call('1'), ' b'), note('1', p('what it says'), p('more'))], 'a[^1] b\n\n[^1]: what it says\n\n    more\n'],
  ['a footnote in a list', [node('bulletList', node('listItem', p('a', call('x')), note('x', p('b'))))], '- a[^x]\n\n  [^x]: b\n'],
  [
    'a callout',
    [{ ...node('callout', p(text('a', 'bold')), node('bulletList', node('listItem', p('b')))), attrs: { kind: 'tip' } }],
    '> [!TIP]\n> **a**\n>\n> - b\n',
  ],
  [
    'a callout that begins with no text',
    [{ ...node('callout', node('horizontalRule')), attrs: { kind: 'caution' } }],
    '> [!CAUTION]\n>\n> ___\n',
  ],
  ['a quote that looks like a callout', [node('blockquote', p('[!NOTE]'))], '> \\[!NOTE]\n'],
  [
    'a collapsible section in another',
    [section(false, [text('A: '), text('b', 'code')], p('c'), section(true, [text('D*')], p('e')), p('f'))],
    '<details>\n<summary>A: <code>b</code></summary>\n\nc\n\n<details open>\n<summary>D&#42;</summary>\n\ne\n\n</details>\n\nf\n\n</details>\n',
  ],
  [
    'comments that nobody sees',
    [{ type: 'htmlComment', attrs: { text: ' a\n\n b ' } }, p('c ', { type: 'inlineHtmlComment', attrs: { text: 'd' } }, 'e')],
    '<!-- a\n\n b -->\n\nc <!--d-->e\n',
  ],
  [
    'an image with a caption',
    [{ type: 'image', attrs: { src: 'a.png', alt: 'A', align: 'right', caption: 'B "c" & <d>: e' } }],
    '<figure align="right">\n<img src="a.png" alt="A">\n<figcaption>B &#34;c&#34; &#38; &#60;d&#62;: e</figcaption>\n</figure>\n',
  ],
  [
    'an image in the middle that leads somewhere',
    [{ type: 'image', attrs: { src: 'a.png', align: 'center', href: 'https://x.example/?a&b' } }],
    '<p align="center">\n<a href="https&#58;//x.example/?a&#38;b"><img src="a.png"></a>\n</p>\n',
  ],
];

describe('Markdown', () => {
  for (const [name, content, markdown] of EXACT) {
    it(`says ${name} exactly`, () => {
      assert.equal(toMarkdown(doc(...content)), markdown);
      const again = read(markdown);
      assert.equal(toMarkdown(doc(...again.blocks)), markdown);
      assert.deepEqual(strip(again.blocks), strip(content));
      assert.deepEqual(again.warnings, []);
    });
  }

  it('reads what others write of callouts, details and footnotes', () => {
    const { blocks, warnings } = read(
      '> [!Warning]\\\n> a\n\n<details>\n\nno summary\n\n</details>\n\n<p align="center"><img src="a.png" width="20"></p>\n\nb[^a b] c[^ä*1]\n\n[^ä*1]: d\n',
    );
    assert.deepEqual(warnings, []);
    assert.deepEqual(strip(blocks), [
      { type: 'callout', attrs: { kind: 'warning' }, content: [p('a')] },
      { type: 'details', attrs: { open: false }, content: [{ type: 'detailsSummary' }, p('no summary')] },
      { type: 'image', attrs: { src: 'a.png', width: 20, align: 'center' } },
      p('b[^a b] c', call('ä-1')),
      note('ä-1', p('d')),
    ]);
  });

  it('keeps an end of a section that has no other end as it is written', () => {
    for (const markdown of ['a\n\n</details>\n\nb\n', '<details>\n\na\n\n> <details>\n> <summary>x</summary>\n>\n> b\n']) {
      const { blocks } = read(markdown);
      assert.equal(JSON.stringify(blocks).includes('"type":"details"'), false);
      assert.equal(toMarkdown(doc(...blocks)), markdown);
    }
  });

  it('finds the footnotes and sections of a long text', () => {
    const filler = Array.from({ length: 2_000 }, (_, at) => `Paragraph ${at} of a text that is longer than what is read as one.`).join(
      '\n\n',
    );
    const markdown = `First[^far].\n\n<details>\n<summary>All</summary>\n\n${filler}\n\n</details>\n\n[^far]: Far away.\n`;
    const { blocks, warnings } = read(markdown);
    assert.deepEqual(warnings, []);
    assert.deepEqual(
      blocks.map(({ type }) => type),
      ['paragraph', 'details', 'footnoteDefinition'],
    );
    assert.equal(toMarkdown(doc(...blocks)), markdown);
  });

  it('says a suggestion with its id', () => {
    const content = doc(node('paragraph', { type: 'text', text: 'a', marks: [{ type: 'insertion', attrs: { id: 7 } }] }));
    assert.equal(toMarkdown(content), '<ins data-id="7">a</ins>\n');
    assert.deepEqual(fromMarkdown(toMarkdown(content)).content, content);
  });

  it('says cells with pipes, and keeps alignment', () => {
    const markdown = '| a\\|b | c |\n| :-: | -: |\n| `x\\|y` | |\n';
    const { blocks } = read(markdown);
    assert.equal(toText(doc(...blocks)), 'a|b\tc\nx|y\t');
    assert.equal(blocks[0]?.content?.[1]?.content?.[0]?.attrs?.align, 'center');
    assert.equal(toMarkdown(doc(...blocks)), markdown);
  });

  it('reads CRLF, a byte order mark and soft breaks', () => {
    const { blocks } = read('\uFEFF# A\r\n\r\nb\r\nc  \r\nd\r\n');
    assert.equal(toText(doc(...blocks)), 'A\nb c\nd');
  });

  it('resolves references, also far ones in a long file', () => {
    const long = `[a][x] first\n\n${'text of a paragraph. '.repeat(20)}\n\n`.repeat(400);
    const { blocks, warnings } = read(`${long}\n[X]: /there "T"\n`);
    assert.deepEqual(warnings, []);
    assert.equal(blocks.length, 800);
    for (const at of [0, 798]) assert.deepEqual(blocks[at]?.content?.[0]?.marks, [{ type: 'link', attrs: { href: '/there', title: 'T' } }]);
  });

  it('reads a long file as it reads a short one', () => {
    const part =
      'A paragraph.\n\n```sh\n# comment\n\n# another\n\nAnd text\n```\n\n# Heading\n\n- item\n\n  more\n\n<!--\n\nText\n\n-->\n\n$$\na\n\nB\n$$\n\n';
    const one = read(part).blocks;
    const many = read(part.repeat(1000)).blocks;
    assert.equal(many.length, one.length * 1000);
    for (let at = 0; at < many.length; at += one.length) assert.deepEqual(many.slice(at, at + one.length), one);
  });

  it('reads headings without blank lines as it reads a few', () => {
    const part = '# A\n## B\n- item\n# C\n<div>\n# no heading\n</div>\n# nor this\n\n# D\ntext\n# E\n| a |\n| - |\n# F\n```\n# code\n```\n';
    const one = read(part).blocks;
    assert.deepEqual(
      one.filter(({ type }) => type === 'heading').map((heading) => toText(heading)),
      ['A', 'B', 'C', 'D', 'E', 'F'],
    );
    const many = read(part.repeat(1000)).blocks;
    assert.equal(many.length, one.length * 1000);
    for (let at = 0; at < many.length; at += one.length) assert.deepEqual(many.slice(at, at + one.length), one);
  });

  it('finds the title in a heading 1 at the start', () => {
    assert.equal(fromMarkdown('# A *b*\n\ntext').title, 'A b');
    assert.equal(fromMarkdown('---\ntitle: x\n---\n# A').title, 'A');
    assert.equal(fromMarkdown('## A').title, null);
    assert.equal(fromMarkdown('text\n\n# A').title, null);
  });

  it('refuses what is nested too deeply, and survives other pathologies', () => {
    for (const deep of ['>'.repeat(10_000), '- '.repeat(10_000), '1. '.repeat(10_000), `${'*'.repeat(20_000)}a${'*'.repeat(20_000)}`]) {
      assert.throws(() => fromMarkdown(`${deep}a`), { code: 'bad-content' });
    }
    for (const wide of ['['.repeat(10_000), '<a '.repeat(10_000), '*a '.repeat(3000), `${'['.repeat(3000)}a${']'.repeat(3000)}`]) {
      assert.equal(toText(fromMarkdown(wide).content).includes(wide.trim().slice(0, 5)), true);
    }
  });

  it('keeps what is nested deeper than the limit as text', () => {
    const { warn, warnings } = collectWarnings();
    const { content } = fromMarkdown(`${'> '.repeat(150)}deep`, warn);
    assert.equal(toText(content), 'deep');
    assert.equal(warnings.length, 1);
  });
});

const documented = readFileSync(new URL('../../docs/formats.md', import.meta.url), 'utf8');

it('docs/formats.md lists every loss that is tested below', () => {
  const [, table = ''] = /### Known losses of Markdown\n([^#]*)/.exec(documented) ?? [];
  const listed = [...table.matchAll(/^\| ([^|:]+?) +\|/gm)].map((match) => match[1]!).filter((name) => name !== 'what');
  assert.deepEqual(listed.sort(), [...LOSSES].sort());
});

const LOSSES = [
  'empty paragraphs',
  'spaces at the edge of bold, italic and struck text',
  'comments',
  'letters of numbered lists',
  'a line feed in a text',
  'blocks in table cells',
  'merged cells',
  'widths of columns',
  'tables without a header row',
  'calls of footnotes that are not there',
  'formulas and footnotes in a summary',
  'definitions nothing refers to',
  'boxes in numbered lists',
  'HTML on lines of its own',
  'HTML within a line',
  'links that are not safe',
  'images that are not safe',
  'soft breaks',
  'an item with and one without a box',
];

/** What docs/formats.md lists under "Markdown", each by its name there. */
describe('known losses of Markdown', () => {
  const becomes = (name: string, from: ContentNode[], markdown: string) => it(name, () => assert.equal(toMarkdown(doc(...from)), markdown));
  const reads = (name: string, markdown: string, expected: string, warning?: RegExp) =>
    it(name, () => {
      const { blocks, warnings } = read(markdown);
      assert.equal(toText(doc(...blocks)), expected);
      if (warning) assert.match(warnings.join(), warning);
    });

  becomes('empty paragraphs', [p('a'), p(), p('b')], 'a\n\nb\n');
  becomes('spaces at the edge of bold, italic and struck text', [p(text(' a ', 'bold'), 'b')], '&#x20;**a** b\n');
  becomes('comments', [node('paragraph', { type: 'text', text: 'a', marks: [{ type: 'comment', attrs: { threadId: 't' } }] })], 'a\n');
  becomes('letters of numbered lists', [{ ...node('orderedList', node('listItem', p('a'))), attrs: { start: 1, type: 'a' } }], '1. a\n');
  becomes('a line feed in a text', [p('a\nb')], 'a\\\nb\n');
  becomes(
    'blocks in table cells',
    [node('table', node('tableRow', node('tableHeader', p('a'), p('b'), node('bulletList', node('listItem', p('c'))))))],
    '| a<br>b<br>c |\n| - |\n',
  );
  const wide = { ...node('tableHeader', p('a')), attrs: { colwidth: [120] } };
  becomes('widths of columns', [node('table', node('tableRow', wide))], '| a |\n| - |\n');
  becomes(
    'merged cells',
    [
      node(
        'table',
        node('tableRow', { ...node('tableHeader', p('a')), attrs: { colspan: 2 } }),
        node('tableRow', node('tableCell', p('b')), node('tableCell', p('c'))),
      ),
    ],
    '| a | |\n| - | - |\n| b | c |\n',
  );
  becomes('tables without a header row', [node('table', node('tableRow', node('tableCell', p('a'))))], '| a |\n| - |\n');
  becomes('calls of footnotes that are not there', [p('a', call('1'))], 'a\\[^1]\n');
  becomes(
    'formulas and footnotes in a summary',
    [section(false, [{ type: 'inlineMath', attrs: { latex: 'x' } }], p('a'))],
    '<details>\n<summary>&#36;x&#36;</summary>\n\na\n\n</details>\n',
  );
  reads('definitions nothing refers to', '[a]: /b\n\ntext\n', 'text', /definition/);
  reads('boxes in numbered lists', '1. [x] a\n', '[x] a', /boxes/);
  reads('HTML within a line', 'a <abbr>b</abbr>\n', 'a <abbr>b</abbr>', /HTML within a line/);
  reads('links that are not safe', '[a](javascript:alert)\n', 'a', /link/);
  reads('images that are not safe', '![a](javascript:alert)\n', 'a', /image/);
  reads('soft breaks', 'a\nb\n', 'a b');

  it('an item with and one without a box', () => {
    const { blocks } = read('- [ ] a\n- b\n');
    assert.deepEqual(
      blocks.map((block) => block.type),
      ['taskList', 'bulletList'],
    );
  });

  it('HTML on lines of its own', () => {
    const markdown = '<p align="center">\n  <b>x</b>\n</p>\n';
    const { blocks, warnings } = read(markdown);
    assert.equal(blocks[0]?.type, 'codeBlock');
    assert.match(warnings.join(), /HTML/);
    assert.equal(toMarkdown(doc(...blocks)), markdown);
  });
});

/** The blocks without attributes that only say the default. */
function strip(blocks: readonly ContentNode[]): unknown {
  const defaults: Record<string, unknown> = { start: 1, colspan: 1, rowspan: 1, checked: false };
  return JSON.parse(
    JSON.stringify(blocks, (key, value) => {
      if (key !== 'attrs') return value;
      const kept = Object.entries(value).filter(([name, attribute]) => defaults[name] !== attribute);
      return kept.length > 0 ? Object.fromEntries(kept) : undefined;
    }),
  );
}
