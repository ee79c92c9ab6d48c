import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { moved, moveOf } from './roving.ts';

describe('roving focus', () => {
  it('goes round at the ends', () => {
    assert.equal(moved(2, 3, 'next'), 0);
    assert.equal(moved(0, 3, 'previous'), 2);
    assert.equal(moved(1, 3, 'first'), 0);
    assert.equal(moved(1, 3, 'last'), 2);
    assert.equal(moved(0, 0, 'next'), -1);
  });

  it('follows the reading direction sideways', () => {
    assert.equal(moveOf('ArrowRight', 'horizontal', false), 'next');
    assert.equal(moveOf('ArrowRight', 'horizontal', true), 'previous');
    assert.equal(moveOf('ArrowLeft', 'horizontal', true), 'next');
    assert.equal(moveOf('ArrowDown', 'vertical', true), 'next');
    assert.equal(moveOf('ArrowDown', 'horizontal', false), null);
    assert.equal(moveOf('Home', 'vertical', false), 'first');
    assert.equal(moveOf('x', 'vertical', false), null);
  });
});
