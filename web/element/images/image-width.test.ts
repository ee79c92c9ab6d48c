import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { boundedWidth, typedWidth, widthByDrag, widthByKey } from './image-width.ts';

describe('the width of an image', () => {
  it('stays within the column, and wide enough to be found again', () => {
    assert.deepEqual([boundedWidth(10, 600), boundedWidth(300.4, 600), boundedWidth(900, 600), boundedWidth(10, 20)], [48, 300, 600, 20]);
  });

  it('follows the keys, and the direction that is read in', () => {
    const keys = ['ArrowRight', 'ArrowLeft', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'a'];
    assert.deepEqual(
      keys.map((key) => widthByKey(key, 300, 600, false)),
      [330, 270, 330, 270, 48, 600, null],
    );
    assert.deepEqual(
      keys.map((key) => widthByKey(key, 300, 600, true)),
      [270, 330, 330, 270, 48, 600, null],
    );
  });

  it('follows the pointer', () => {
    assert.equal(widthByDrag(50, 300, 600, false), 350);
    assert.equal(widthByDrag(50, 300, 600, true), 400);
    assert.equal(widthByDrag(-500, 300, 600, true), 48);
  });

  it('is read as it is typed', () => {
    for (const [text, width] of [
      ['', null],
      ['300', 300],
      ['300 px', 300],
      ['50%', '50%'],
      ['400%', '100%'],
      ['wide', undefined],
      ['0', undefined],
      ['-3', undefined],
      ['1e3', undefined],
    ] as const) {
      assert.equal(typedWidth(text), width, text);
    }
  });
});
