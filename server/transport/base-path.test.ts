import assert from 'node:assert/strict';
import { it } from 'node:test';
import { withoutBasePath } from './base-path.ts';

it('[N4] a path under the base path is what stands behind it, and any other is as it came', () => {
  for (const [url, expected] of [
    ['/docs', '/'],
    ['/docs/', '/'],
    ['/docs?search=a', '/?search=a'],
    ['/docs/api/documents/a%2Fb?x=1', '/api/documents/a%2Fb?x=1'],
    ['/docs/collab?document=docs', '/collab?document=docs'],
    ['/docs/docs/x', '/docs/x'],
    ['/docsx', '/docsx'],
    ['/api/documents', '/api/documents'],
    ['/', '/'],
    ['*', '*'],
  ] as const)
    assert.equal(withoutBasePath(url, '/docs'), expected, url);
});
