import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { collabUrl, serverUrl } from './server-address.ts';

describe('collabUrl', () => {
  const home = 'https://docs.example';
  const page = 'https://app.example/articles/1';
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
      assert.equal(collabUrl(server, { home, page }, 'a/b c', 1), expected);
    });
  }

  it('refuses what is no server', () => {
    assert.throws(() => collabUrl('javascript:alert(1)', { home, page }, 'a', 1), TypeError);
    assert.throws(() => collabUrl('http://', { home, page }, 'a', 1), TypeError);
  });

  it('asks for a server when the module came with an application, and reads it beside the page', () => {
    assert.throws(() => collabUrl(null, { home: null, page }, 'a', 1), /Name one: <inkwire-editor server=/);
    assert.throws(() => collabUrl('', { home: null, page }, 'a', 1), /no server to connect to/);
    assert.equal(collabUrl('https://docs.example', { home: null, page }, 'a', 1), 'wss://docs.example/collab?document=a&schemaVersion=1');
    assert.equal(collabUrl('/', { home: null, page }, 'a', 1), 'wss://app.example/collab?document=a&schemaVersion=1');
    assert.equal(collabUrl('/docs/collab', { home: null, page }, 'a', 1), 'wss://app.example/docs/collab?document=a&schemaVersion=1');
  });
});

describe('serverUrl', () => {
  const places = { home: 'https://docs.example', page: 'https://app.example/articles/1' };
  for (const [server, expected] of [
    [null, 'https://docs.example'],
    ['wss://other.example/team/collab', 'https://other.example/team'],
    ['http://127.0.0.1:8787/', 'http://127.0.0.1:8787'],
  ] as const) {
    it(`${server === null ? 'no server' : `"${server}"`} → ${expected}`, () => assert.equal(serverUrl(server, places), expected));
  }
  it('asks for a server as well', () => assert.throws(() => serverUrl(null, { ...places, home: null }), /no server to connect to/));
});
