import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fromMarkdown } from '../../../document/formats/from-markdown.ts';
import { schema } from '../../../document/schema.ts';
import { compile, findMatches, nextAt, type Query, replacementOf } from './matches.ts';

const docOf = (markdown: string) => schema.nodeFromJSON(fromMarkdown(markdown).content);
const query = (words: string, more: Partial<Query> = {}): Query => ({
  words,
  matchCase: false,
  wholeWord: false,
  isPattern: false,
  ...more,
});

function found(markdown: string, asked: Query): string[] {
  const compiled = compile(asked);
  if ('problem' in compiled) return [compiled.problem];
  const doc = docOf(markdown);
  return findMatches(doc, compiled.pattern).matches.map(({ from, to }) => doc.textBetween(from, to));
}

describe('finding', () => {
  const cases: [what: string, markdown: string, asked: Query, expected: string[]][] = [
    ['words in whatever case', 'Cat, cat and CAT', query('cat'), ['Cat', 'cat', 'CAT']],
    ['words in their case', 'Cat, cat', query('cat', { matchCase: true }), ['cat']],
    ['whole words, of any script', 'cat catalogue Straße Straßen', query('straße', { wholeWord: true }), ['Straße']],
    ['across marks', 'a **wo**rd', query('word'), ['word']],
    ['in lists, tables and code', '- one\n\n| one |\n| - |\n\n```\none\n```\n', query('one'), ['one', 'one', 'one']],
    ['signs as they are', 'a.b axb (c)', query('a.b'), ['a.b']],
    ['a pattern', 'a1 b22', query('[a-z]\\d+', { isPattern: true }), ['a1', 'b22']],
    ['not across blocks', 'one\n\ntwo', query('onetwo'), []],
    ['not across a formula', 'a$x$b', query('ab'), []],
    ['no empty match', 'abc', query('x*', { isPattern: true }), []],
    ['what is no pattern', 'abc', query('(', { isPattern: true }), ['This is not a regular expression.']],
    [
      'no pattern that takes for ever',
      'a',
      query('(a+)+$', { isPattern: true }),
      ['A repeated group that repeats itself could take for ever.'],
    ],
  ];
  for (const [what, markdown, asked, expected] of cases) it(what, () => assert.deepEqual(found(markdown, asked), expected));

  it('goes on from where one is, and around', () => {
    const matches = [3, 9].map((from) => ({ from, to: from + 1, groups: [] }));
    assert.deepEqual([nextAt(matches, 0), nextAt(matches, 4), nextAt(matches, 10), nextAt([], 0)], [0, 1, 0, -1]);
  });

  it('replaces by groups in a pattern, and by the very words otherwise', () => {
    const match = { from: 0, to: 3, groups: ['a-b', 'a', 'b'] };
    assert.equal(replacementOf(match, '$2-$1 $& $$ $9', true), 'b-a a-b $ $9');
    assert.equal(replacementOf(match, '$1', false), '$1');
  });

  it('ends when there are too many', () => {
    const { matches, isCut } = findMatches(docOf('a'.repeat(20_000)), /a/gu);
    assert.equal(matches.length, 10_000);
    assert.equal(isCut, true);
  });
});
