import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { conform, toNode } from './conform.ts';
import { type ContentNode, collectWarnings, MAX_DEPTH } from './content.ts';
import { fromJson } from './formats/from-json.ts';
import { toText } from './text.ts';

const text = (value: string): ContentNode => ({ type: 'text', text: value });
const p = (...content: ContentNode[]): ContentNode => ({ type: 'paragraph', content });
const doc = (...content: ContentNode[]): ContentNode => ({ type: 'doc', content });

function fit(content: ContentNode): { text: string; warnings: string[]; fitted: ContentNode } {
  const { warn, warnings } = collectWarnings();
  const fitted = conform(content, warn);
  toNode(fitted);
  return { text: toText(fitted), warnings, fitted };
}

describe('content that does not fit the schema', () => {
  const cases: [name: string, content: ContentNode, text: string][] = [
    ['an unknown block', doc({ type: 'carousel', content: [p(text('a')), p(text('b'))] }), 'a\nb'],
    ['an unknown block of text', doc({ type: 'verse', content: [text('a')] }), 'a'],
    ['an unknown inline node with a label', doc(p(text('hi '), { type: 'mention', attrs: { id: '7', label: 'Ann' } })), 'hi Ann'],
    ['an unknown mark', doc(p({ ...text('a'), marks: [{ type: 'sparkle' }] })), 'a'],
    ['a block within a line', doc(p(text('a'), { type: 'heading', attrs: { level: 2 }, content: [text('b')] })), 'a\nb'],
    ['text without a paragraph', doc(text('a'), p(text('b'))), 'a\nb'],
    ['an item without a list', doc({ type: 'listItem', content: [p(text('a'))] }), 'a'],
    ['a paragraph in a list', doc({ type: 'bulletList', content: [p(text('a'))] }), 'a'],
    ['a cell without a table', doc({ type: 'tableCell', content: [p(text('a'))] }), 'a'],
    ['a paragraph in a table', doc({ type: 'table', content: [p(text('a'))] }), 'a'],
    ['a list in a code block', doc({ type: 'codeBlock', content: [{ type: 'bulletList', content: [text('a')] }] }), 'a'],
    ['a document in a document', doc(doc(p(text('a')))), 'a'],
  ];
  for (const [name, content, expected] of cases) {
    it(`${name} keeps its words`, () => {
      const fitted = fit(content);
      assert.equal(fitted.text, expected);
      if (name.startsWith('an unknown')) assert.equal(fitted.warnings.length, 1);
    });
  }

  it('an image in a line becomes an inline image and keeps its link', () => {
    const image = { type: 'image', attrs: { src: 'a.png' }, marks: [{ type: 'link', attrs: { href: '/x' } }] };
    assert.deepEqual(fit(doc(p(image))).fitted, doc(p({ type: 'inlineImage', attrs: { src: 'a.png', href: '/x' } })));
  });

  it('unfit attributes become the default', () => {
    const { fitted } = fit(
      doc(
        { type: 'heading', attrs: { level: 99, other: 1 } },
        { type: 'orderedList', attrs: { start: '7' }, content: [{ type: 'listItem', content: [p()] }] },
      ),
    );
    assert.equal(fitted.content?.[0]?.attrs?.level, 1);
    assert.equal(fitted.content?.[1]?.attrs?.start, 1);
  });

  it('10,000 levels are kept as text', () => {
    let content = p(text('deep'));
    for (let level = 0; level < 10_000; level++) content = { type: 'blockquote', content: [content] };
    const { text: kept, warnings } = fit(doc(content));
    assert.equal(kept, 'deep');
    assert.ok(warnings[0]?.includes(String(MAX_DEPTH)));
  });

  it('10,000 unknown levels within a line are kept as text', () => {
    let content = text('deep');
    for (let level = 0; level < 10_000; level++) content = { type: 'box', content: [content] };
    assert.equal(fit(doc(p(content))).text, 'deep');
    assert.equal(fit(doc(content)).text, 'deep');
  });

  it('huge attributes are kept', () => {
    const latex = 'x'.repeat(5_000_000);
    assert.equal(fit(doc({ type: 'blockMath', attrs: { latex } })).text.length, latex.length);
  });

  it('an empty document has a paragraph to write in', () => {
    assert.deepEqual(fit(doc()).fitted, doc({ type: 'paragraph' }));
  });
});

describe('JSON that no editor wrote is refused with a path', () => {
  const cases: [string, RegExp][] = [
    ['{', /^The JSON cannot be read/],
    ['[]', /^\$ must be an object\.$/],
    ['{"type":"paragraph"}', /^\$\.type must be "doc"\.$/],
    ['{"type":"doc","content":{}}', /^\$\.content must be a list\.$/],
    [
      '{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text"}]}]}',
      /^\$\.content\[0\]\.content\[0\]\.text must be a string\.$/,
    ],
    ['{"type":"doc","content":[{"attrs":{}}]}', /^\$\.content\[0\]\.type must be a name\.$/],
    ['{"type":"doc","content":[{"type":"paragraph","attrs":[]}]}', /^\$\.content\[0\]\.attrs must be an object\.$/],
    ['{"type":"doc","content":[{"type":"text","text":"a","marks":["bold"]}]}', /^\$\.content\[0\]\.marks\[0\] must be an object\.$/],
    [`${'{"type":"doc","content":['.repeat(5000)}${']}'.repeat(5000)}`, /nested deeper/],
  ];
  for (const [json, message] of cases) {
    it(json.slice(0, 100), () => assert.throws(() => fromJson(json), { code: 'bad-content', message }));
  }

  it('what an editor may have written that we do not know is kept as text', () => {
    const { warn, warnings } = collectWarnings();
    const content = fromJson(
      '{"type":"doc","content":[{"type":"carousel","content":[{"type":"paragraph","content":[{"type":"text","text":"a"}]}]}]}',
      warn,
    );
    assert.equal(toText(content), 'a');
    assert.deepEqual(warnings, ['The node "carousel" is not known; its text was kept.']);
  });
});
