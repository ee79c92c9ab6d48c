import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CARET_COLORS, caretColorOf } from '../people/caret-colors.ts';
import { Authors } from './authors.ts';

describe('authors of a history', () => {
  it('are called as they are in the document, else as the server knows them', () => {
    const authors = new Authors(() => [{ id: 'ada', name: 'Ada here', color: '#123456', self: false }]);
    assert.deepEqual(authors.of('ada', 'Ada'), { name: 'Ada here', color: '#123456' });
    assert.deepEqual(authors.of('bob', 'Bob'), { name: 'Bob', color: caretColorOf('bob') });
    assert.equal(authors.of('carl', null).name, 'carl');
    assert.equal(authors.of(null, null).name, 'Guest');
  });

  it('are told apart by their colours, which stay', () => {
    const authors = new Authors(() => []);
    const subs = Array.from({ length: CARET_COLORS.length }, (_, at) => `person ${at}`);
    const colors = subs.map((sub) => authors.of(sub, null).color);
    assert.equal(new Set(colors).size, CARET_COLORS.length);
    assert.deepEqual(
      subs.map((sub) => authors.of(sub, null).color),
      colors,
    );
    assert.ok(authors.of('one more', null).color);
  });
});
