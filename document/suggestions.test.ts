import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ContentMark, ContentNode } from './content.ts';
import { decideSuggestions } from './suggestions.ts';

const text = (value: string, ...marks: ContentMark[]): ContentNode => ({
  type: 'text',
  text: value,
  ...(marks.length > 0 ? { marks } : {}),
});
const bold = { type: 'bold' };
const content: ContentNode = {
  type: 'doc',
  content: [
    {
      type: 'paragraph',
      content: [
        text('Sow in '),
        text('March', { type: 'deletion', attrs: { id: 1 } }),
        text('April', { type: 'insertion', attrs: { id: 1 } }, bold),
        text(' early', bold, {
          type: 'modification',
          attrs: { id: 2, type: 'mark', attrName: null, previousValue: { type: 'italic' }, newValue: { type: 'bold' } },
        }),
      ],
    },
  ],
};
const lineOf = (choice: 'keep' | 'accept' | 'reject') => decideSuggestions(content, choice).content![0]!.content;

describe('suggested changes of a file', () => {
  it('are kept', () => assert.equal(decideSuggestions(content, 'keep'), content));

  it('are all taken', () => {
    assert.deepEqual(lineOf('accept'), [text('Sow in '), { ...text('April'), marks: [bold] }, { ...text(' early'), marks: [bold] }]);
  });

  it('are all refused, a changed mark with what it was', () => {
    assert.deepEqual(lineOf('reject'), [text('Sow in '), text('March'), { ...text(' early'), marks: [{ type: 'italic' }] }]);
  });
});
