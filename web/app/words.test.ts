import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { documentPath } from '../../protocol/document-name.ts';
import { displayTitle } from './display-title.ts';
import { secretsIn } from './fragment.ts';
import { relativeTime } from './relative-time.ts';
import { routeOf } from './routes.ts';

describe('relativeTime', () => {
  const now = new Date('2026-11-20T12:00:00Z');
  const table: [string, string][] = [
    ['2026-11-20T12:00:09Z', 'just now'],
    ['2026-11-20T11:59:20Z', 'just now'],
    ['2026-11-20T11:59:00Z', '1 minute ago'],
    ['2026-11-20T11:15:00Z', '45 minutes ago'],
    ['2026-11-20T10:55:00Z', '1 hour ago'],
    ['2026-11-20T00:30:00Z', '12 hours ago'],
    ['2026-11-19T12:00:00Z', 'yesterday'],
    ['2026-11-14T12:00:00Z', '6 days ago'],
    ['2026-11-13T12:00:00Z', 'last week'],
    ['2026-10-20T12:00:00Z', 'last month'],
    ['2024-11-20T12:00:00Z', '2 years ago'],
  ];
  for (const [then, words] of table) it(`${then} → ${words}`, () => assert.equal(relativeTime(new Date(then), now, 'en'), words));
});

describe('relativeTime elsewhere', () => {
  it('speaks the reader’s language', () => {
    const now = new Date('2026-11-20T12:00:00Z');
    assert.equal(relativeTime(now, now, 'de'), 'jetzt');
    assert.equal(relativeTime(new Date('2026-11-20T11:57:00Z'), now, 'de'), 'vor 3 Minuten');
  });
});

describe('displayTitle', () => {
  it('prefers the title, then a name somebody gave, and never shows a generated one', () => {
    assert.equal(displayTitle('Plan', 'x'), 'Plan');
    assert.equal(displayTitle('  ', 'team/plan'), 'team/plan');
    assert.equal(displayTitle('', '7kq2m9x4c0tz'), null);
  });
});

describe('routeOf', () => {
  it('is the inverse of documentPath', () => {
    for (const name of ['plan', 'team/plan', 'ü 100%', '😀', 'a?b#c', '..a']) {
      assert.deepEqual(routeOf(documentPath(name)), { page: 'document', name });
      assert.deepEqual(routeOf(documentPath(name).replace('/d/', '/embed/')), { page: 'embed', name });
    }
  });
  it('knows other paths from documents', () => {
    for (const path of ['/', '/d/', '/d/a/b', '/api/documents', '/d/%zz', '/embed/']) {
      assert.deepEqual(routeOf(path), { page: 'documents' }, path);
    }
  });
});

describe('secretsIn', () => {
  const none = { share: null, token: null };
  for (const [fragment, expected] of [
    ['', none],
    ['#', none],
    ['#heading', none],
    ['#share=', none],
    ['#share=abc_-1', { ...none, share: 'abc_-1' }],
    ['#token=e30.e30.c2ln', { ...none, token: 'e30.e30.c2ln' }],
  ] as const) {
    it(`"${fragment}"`, () => assert.deepEqual(secretsIn(fragment), expected));
  }
});
