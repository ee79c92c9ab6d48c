import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { jsonErrorOffset, textPosition } from './json-error.ts';

describe('where JSON breaks', () => {
  const broken: [text: string, offset: number][] = [
    ['', 0],
    ['  ', 2],
    ['{', 1],
    ['{"a"', 4],
    ['{"a": x}', 6],
    ['{"a" 1}', 5],
    ['{"a": 1,}', 8],
    ['{a: 1}', 1],
    ['[1, 2', 5],
    ['[1,]', 3],
    ['[1 2]', 3],
    ['[}', 1],
    ['"open', 5],
    ['"a\nb"', 2],
    ['"a\\x"', 2],
    ['"a\\u12"', 2],
    ['1 2', 2],
    ['01', 1],
    ['{} {}', 3],
    ['nul', 0],
    ['-', 0],
    ["{'a': 1}", 1],
  ];
  for (const [text, offset] of broken) {
    it(`${JSON.stringify(text)} breaks at ${offset}`, () => {
      assert.throws(() => JSON.parse(text));
      assert.equal(jsonErrorOffset(text), offset);
    });
  }

  const whole = ['{}', '[]', ' {"a": [1, -2.5e+3, true, false, null, "\\u00e9\\n\u007f"], "b": {"c": ""}} ', '0', '"\u2028"'];
  for (const text of whole) {
    it(`${JSON.stringify(text)} is whole`, () => {
      JSON.parse(text);
      assert.equal(jsonErrorOffset(text), null);
    });
  }

  it('reads megabytes in one string and a hundred thousand levels', () => {
    assert.equal(jsonErrorOffset(`"${'x'.repeat(8_000_000)}`), 8_000_001);
    assert.equal(jsonErrorOffset(`"${'\\n'.repeat(2_000_000)}`), 4_000_001);
    assert.equal(jsonErrorOffset('['.repeat(100_000)), 100_000);
  });

  it('counts lines and columns from 1', () => {
    assert.deepEqual(textPosition('{"a"', 0), { line: 1, column: 1 });
    assert.deepEqual(textPosition('{\n  "a": x', 9), { line: 2, column: 8 });
  });
});
