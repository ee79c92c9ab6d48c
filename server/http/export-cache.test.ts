import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ExportCache } from './export-cache.ts';

const file = (bytes: number) => ({ body: new Uint8Array(bytes), lost: 0, otherRoots: [] });

describe('exports that are kept', () => {
  it('are those that were asked for last, within their bytes', () => {
    const cache = new ExportCache(100);
    for (const tag of ['a', 'b', 'c', 'd']) cache.set(tag, file(25));
    assert.ok(cache.get('a'));
    cache.set('e', file(25));
    assert.deepEqual(
      ['a', 'b', 'c', 'd', 'e'].filter((tag) => cache.get(tag) !== undefined),
      ['a', 'c', 'd', 'e'],
    );
  });

  it('count once, however often they are set', () => {
    const cache = new ExportCache(100);
    for (let at = 0; at < 10; at++) cache.set('a', file(25));
    cache.set('b', file(25));
    assert.ok(cache.get('a') && cache.get('b'));
  });

  it('are none that would take most of the room', () => {
    const cache = new ExportCache(100);
    cache.set('a', file(26));
    assert.equal(cache.get('a'), undefined);
  });
});
