import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { collabUrl } from './server-address.ts';

describe('collabUrl', () => {
  const origin = 'https://docs.example';
  const table: [string | null, string][] = [
    [null, 'wss://docs.example/collab?document=a%2Fb+c&schemaVersion=1'],
    ['', 'wss://docs.example/collab?document=a%2Fb+c&schemaVersion=1'],
    ['http://127.0.0.1:8787', 'ws://127.0.0.1:8787/collab?document=a%2Fb+c&schemaVersion=1'],
    ['https://other.example/', 'wss://other.example/collab?document=a%2Fb+c&schemaVersion=1'],
    ['ws://other.example/collab', 'ws://other.example/collab?document=a%2Fb+c&schemaVersion=1'],
    ['wss://other.example/team/collab?x=1#y', 'wss://other.example/team/collab?x=1&document=a%2Fb+c&schemaVersion=1'],
    ['/sub/collab', 'wss://docs.example/sub/collab?document=a%2Fb+c&schemaVersion=1'],
  ];
  for (const [server, expected] of table) {
    it(`${server === null ? 'no server' : `"${server}"`} → ${expected}`, () => {
      assert.equal(collabUrl(server, origin, 'a/b c', 1), expected);
    });
  }

  it('refuses what is no server', () => {
    assert.throws(() => collabUrl('javascript:alert(1)', origin, 'a', 1), TypeError);
    assert.throws(() => collabUrl('http://', origin, 'a', 1), TypeError);
  });
});
