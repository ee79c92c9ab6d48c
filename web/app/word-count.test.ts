import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { countLine, countOf } from './word-count.ts';

describe('counting words', () => {
  const cases: [text: string, words: number, characters: number][] = [
    ['', 0, 0],
    ['One, two – three.\n\nFour', 4, 21],
    ["don't stop", 2, 10],
    ['e\u0301te\u0301 👩‍👩‍👧', 1, 5],
    ['我爱北京', 3, 4],
  ];
  for (const [text, words, characters] of cases) {
    it(JSON.stringify(text), () => assert.deepEqual(countOf(text), { words, characters }));
  }

  it('is said in one line', () => {
    assert.equal(countLine({ words: 1, characters: 1234 }), '1 word, 1,234 characters');
  });
});
