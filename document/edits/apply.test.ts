import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as Y from 'yjs';
import { blockId, blocksOf, findBlock, listBlocks, textOf } from '../blocks.ts';
import { fromMarkdown } from '../formats/from-markdown.ts';
import { toMarkdown } from '../formats/to-markdown.ts';
import { readContent, replaceContent } from '../live.ts';
import { readTitle } from '../title.ts';
import { applyOperations } from './apply.ts';
import type { Operation } from './operations.ts';

function documentOf(markdown: string): Y.Doc {
  const document = new Y.Doc();
  replaceContent(document, fromMarkdown(markdown).content);
  return document;
}

const markdownOf = (document: Y.Doc) => toMarkdown(readContent(document)).trimEnd();
const edit = (document: Y.Doc, ...operations: Operation[]) => document.transact(() => applyOperations(document, operations, () => {}));

/** The id of the first block with this text, or of one around it. */
function idOf(document: Y.Doc, text: string, type?: string): string {
  for (const block of blocksOf(document)) {
    if (textOf(block) !== text) continue;
    let around: Y.XmlElement = block;
    while (type !== undefined && around.nodeName !== type) around = around.parent as Y.XmlElement;
    return blockId(around);
  }
  throw new Error(`There is no block "${text}".`);
}

const cases: readonly [what: string, before: string, operation: (document: Y.Doc) => Operation, after: string][] = [
  ['text', 'Sow early, and early.', () => ({ op: 'replace', quote: 'Sow early', with: 'Sow late' }), 'Sow late, and early.'],
  ['what is told by what is before it', 'a b, c b', () => ({ op: 'replace', quote: 'b', prefix: 'c ', with: 'd' }), 'a b, c d'],
  ['what is told by what is after it', 'a b, c b!', () => ({ op: 'replace', quote: 'b', suffix: '!', with: 'd' }), 'a b, c d!'],
  ['all of several', 'a b, c b\n\nb', () => ({ op: 'replace', quote: 'b', all: true, with: 'bb' }), 'a bb, c bb\n\nbb'],
  ['bold text by bold text', 'very **bold** words', () => ({ op: 'replace', quote: 'old', with: 'right' }), 'very **bright** words'],
  ['text over two formattings by that of the first', '*one***two**', () => ({ op: 'replace', quote: 'etw', with: '-' }), '*on-*__o__'],
  ['text by none', 'a b c', () => ({ op: 'replace', quote: ' b', with: '' }), 'a c'],
  ['half of an emoji by another', 'a 😀 b', () => ({ op: 'replace', quote: '😀', with: '😁' }), 'a 😁 b'],
  [
    'text in a cell',
    '| a | b |\n| - | - |\n| c | d |',
    () => ({ op: 'replace', quote: 'd', with: 'e' }),
    '| a | b |\n| - | - |\n| c | e |',
  ],
  ['at the start', 'b', () => ({ op: 'insert', at: 'start', markdown: '# a' }), '# a\n\nb'],
  ['at the end', 'a', () => ({ op: 'insert', at: 'end', markdown: '- b\n- c' }), 'a\n\n- b\n- c'],
  ['into nothing', '', () => ({ op: 'insert', at: 'end', markdown: 'a' }), 'a'],
  ['before a block', 'a\n\nc', (document) => ({ op: 'insert', before: idOf(document, 'c'), markdown: 'b' }), 'a\n\nb\n\nc'],
  ['after a block', 'a\n\nc', (document) => ({ op: 'insert', after: idOf(document, 'a'), markdown: 'b' }), 'a\n\nb\n\nc'],
  [
    'beside an item, of a list its items',
    '- a\n- d',
    (document) => ({ op: 'insert', after: idOf(document, 'a', 'listItem'), markdown: '1. b\n2. c' }),
    '- a\n- b\n- c\n- d',
  ],
  [
    'beside an item, a paragraph as an item',
    '- [ ] a',
    (document) => ({ op: 'insert', after: idOf(document, 'a', 'taskItem'), markdown: 'b' }),
    '- [ ] a\n- [ ] b',
  ],
  [
    'under a heading',
    '# A\n\n## B\n\none\n\n### C\n\ntwo\n\n## D',
    () => ({ op: 'insert', under: 'B', markdown: 'three' }),
    '# A\n\n## B\n\none\n\n### C\n\ntwo\n\nthree\n\n## D',
  ],
  ['under the last heading', '# A', () => ({ op: 'insert', under: 'A', markdown: 'b' }), '# A\n\nb'],
  [
    'a block by one of another type',
    'a\n\nb',
    (document) => ({ op: 'replaceBlock', block: idOf(document, 'a'), markdown: '# A\n\nc' }),
    '# A\n\nc\n\nb',
  ],
  ['a block by nothing', 'a\n\nb', (document) => ({ op: 'replaceBlock', block: idOf(document, 'a'), markdown: '' }), 'b'],
  ['to the end', 'a\n\nb\n\nc', (document) => ({ op: 'moveBlock', block: idOf(document, 'a'), at: 'end' }), 'b\n\nc\n\na'],
  [
    'in front of another',
    'a\n\nb\n\nc',
    (document) => ({ op: 'moveBlock', block: idOf(document, 'c'), before: idOf(document, 'b') }),
    'a\n\nc\n\nb',
  ],
  [
    'an item out of its list',
    '- a\n- b\n\nc',
    (document) => ({ op: 'moveBlock', block: idOf(document, 'b', 'listItem'), at: 'end' }),
    '- a\n\nc\n\n- b',
  ],
  ['where it is', 'a\n\nb', (document) => ({ op: 'moveBlock', block: idOf(document, 'a'), before: idOf(document, 'b') }), 'a\n\nb'],
  ['a block', 'a\n\nb', (document) => ({ op: 'deleteBlock', block: idOf(document, 'a') }), 'b'],
  ['the last item with its list', '- a\n\nb', (document) => ({ op: 'deleteBlock', block: idOf(document, 'a') }), 'b'],
];

describe('an operation', () => {
  for (const [what, before, operation, after] of cases) {
    const document = documentOf(before);
    const asked = operation(document);
    it(`${asked.op}: ${what}`, () => {
      edit(document, asked);
      assert.equal(markdownOf(document), after);
    });
  }

  it('setTitle: the title', () => {
    const document = documentOf('a');
    edit(document, { op: 'setTitle', title: ' The\nplan ' });
    assert.equal(readTitle(document), 'The plan');
  });

  const refusals: readonly [what: string, markdown: string, operation: (document: Y.Doc) => Operation, why: RegExp][] = [
    ['what is not there', 'a', () => ({ op: 'replace', quote: 'b', with: 'c' }), /"b" does not stand in one block/],
    ['half a character', 'a 😀', () => ({ op: 'replace', quote: '\ud83d', with: 'c' }), /not valid Unicode/],
    ['what stands in two blocks', 'a\n\nb', () => ({ op: 'replace', quote: 'ab', with: 'c' }), /does not stand in one block/],
    ['what stands twice', 'a a', () => ({ op: 'replace', quote: 'a', with: 'c' }), /in 2 places\. Say more/],
    [
      'what reaches over a formula',
      'a $x$ b',
      () => ({ op: 'replace', quote: 'a \uFFFC b', with: 'c' }),
      /reaches over a picture, a formula/,
    ],
    ['a block that is gone', 'a', () => ({ op: 'deleteBlock', block: '1-0' }), /no block "1-0" any more/],
    ['a heading that there is not', '# A', () => ({ op: 'insert', under: 'B', markdown: 'c' }), /no heading "B"/],
    ['a heading that there is twice', '# A\n\n# A', () => ({ op: 'insert', under: 'A', markdown: 'c' }), /2 headings "A"/],
    [
      'a cell',
      '| a | b |\n| - | - |\n| c | d |',
      (document) => ({ op: 'deleteBlock', block: idOf(document, 'd', 'tableCell') }),
      /cannot be taken out alone/,
    ],
    [
      'blocks between rows',
      '| a | b |\n| - | - |\n| c | d |',
      (document) => ({ op: 'insert', after: idOf(document, 'd', 'tableRow'), markdown: 'e' }),
      /No blocks can be put into a table/,
    ],
    [
      'a move into itself',
      '- a\n  - b',
      (document) => ({ op: 'moveBlock', block: idOf(document, 'a', 'listItem'), after: idOf(document, 'b', 'listItem') }),
      /into itself/,
    ],
  ];
  for (const [what, markdown, operation, why] of refusals) {
    it(`refuses ${what}, and says which it is`, () => {
      const document = documentOf(markdown);
      assert.throws(() => edit(document, { op: 'setTitle', title: 'x' }, operation(document)), { code: 'edit-refused', message: why });
      assert.throws(() => edit(document, { op: 'setTitle', title: 'x' }, operation(document)), { message: /^Operation 2 \(/ });
    });
  }

  it('[X8] leaves alone what it does not say: a caret stays in the words around it, and a block keeps its id', () => {
    const document = documentOf('# Plan\n\nSow the peas early in spring.\n\nWater them.');
    const before = listBlocks(document);
    const paragraph = findBlock(document, before[1]!.id)!;
    const text = paragraph.get(0) as Y.XmlText;
    const caret = Y.createRelativePositionFromTypeIndex(text, 'Sow the peas e'.length);
    edit(
      document,
      { op: 'replace', quote: 'the peas early in', with: 'the beans early in' },
      { op: 'insert', at: 'start', markdown: 'First.' },
      { op: 'replaceBlock', block: before[2]!.id, markdown: 'Water them **daily**.' },
    );
    assert.equal(markdownOf(document), 'First.\n\n# Plan\n\nSow the beans early in spring.\n\nWater them **daily**.');
    assert.equal(Y.createAbsolutePositionFromRelativePosition(caret, document)?.index, 'Sow the beans e'.length);
    assert.deepEqual(
      listBlocks(document)
        .slice(1)
        .map(({ id }) => id),
      before.map(({ id }) => id),
    );
  });
});
