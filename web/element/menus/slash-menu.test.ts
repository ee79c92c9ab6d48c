import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findItems, slashItems } from './slash-items.ts';
import { slashQuery } from './slash-trigger.ts';

describe('slashQuery', () => {
  const table: [string, string | null][] = [
    ['/', ''],
    ['text /', ''],
    ['text /ta', 'ta'],
    ['/bullet list', 'bullet list'],
    ['/überschrift', 'überschrift'],
    ['and/or', null],
    ['https://example', null],
    ['/ta ', null],
    ['/ta  b', null],
    ['', null],
  ];
  for (const [text, query] of table) it(`${JSON.stringify(text)} → ${query}`, () => assert.equal(slashQuery(text), query));
});

describe('findItems', () => {
  const items = slashItems(() => {});
  const labels = (query: string) => findItems(items, query).map(({ label }) => label);

  it('offers everything at first', () => assert.equal(labels('').length, items.length));
  it('puts what starts so first, then words, then other names', () => {
    assert.deepEqual(labels('ta'), ['Task list', 'Table']);
    assert.deepEqual(labels('list'), ['Bullet list', 'Numbered list', 'Task list']);
    assert.deepEqual(labels('TODO'), ['Task list']);
  });
  it('offers nothing for what it does not know', () => assert.deepEqual(labels('zebra'), []));
});
