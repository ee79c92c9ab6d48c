import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readByteRange } from './byte-range.ts';

describe('a range of bytes', () => {
  for (const [header, size, range] of [
    ['bytes=0-0', 10, { from: 0, to: 1 }],
    ['bytes=2-4', 10, { from: 2, to: 5 }],
    ['bytes=2-', 10, { from: 2, to: 10 }],
    ['bytes=2-99', 10, { from: 2, to: 10 }],
    ['bytes=-3', 10, { from: 7, to: 10 }],
    ['bytes=-99', 10, { from: 0, to: 10 }],
    ['BYTES=9-9', 10, { from: 9, to: 10 }],
    ['bytes=10-', 10, 'unsatisfiable'],
    ['bytes=-0', 10, 'unsatisfiable'],
    ['bytes=0-', 0, 'unsatisfiable'],
    ['bytes=999999999999999-', 10, 'unsatisfiable'],
    [undefined, 10, null],
    ['bytes=-', 10, null],
    ['bytes=4-2', 10, null],
    ['bytes=0-1,3-4', 10, null],
    ['bytes=a-b', 10, null],
    ['bytes=1-2x', 10, null],
    ['lines=1-2', 10, null],
    [`bytes=${'9'.repeat(400)}-`, 10, null],
  ] as const) {
    it(`${header?.slice(0, 40)} of ${size}`, () => assert.deepEqual(readByteRange(header, size), range));
  }
});
