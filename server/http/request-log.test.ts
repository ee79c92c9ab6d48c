import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InkwireError } from '../../protocol/errors.ts';
import { memoryDocuments, testApp } from './testing.ts';

/** What the log has of one request; the time it took is left out, and must be one. */
async function logged(path: string, init: RequestInit = {}) {
  const { app, debugLines } = testApp();
  await app.request(path, { ...init, headers: { host: 'localhost', ...init.headers } });
  assert.equal(debugLines.length, 1);
  const { ms, ...fields } = debugLines[0]!.fields;
  assert.ok(typeof ms === 'number' && ms >= 0);
  return fields;
}

describe('the log of requests', () => {
  it('holds method, route, document and what came of it', async () => {
    const created = await logged('/api/documents?name=team%2Fplan', { method: 'POST' });
    assert.deepEqual(created, { method: 'POST', route: '/api/documents', status: 201, code: undefined });
    assert.deepEqual(await logged('/api/documents/team%2Fplan/export?format=md'), {
      ...{ method: 'GET', route: '/api/documents/:name/export', document: 'team%2Fplan' },
      ...{ status: 404, code: 'document-not-found' },
    });
    assert.equal((await logged('/healthz')).route, '/healthz');
  });

  it('[A5] holds no address, in which there may be a token, no header and no body', async () => {
    const secret = 'eyJhbGciOiJIUzI1NiJ9';
    for (const path of [`/${secret}`, `/api/tokens/${secret}`, `/api/documents?token=${secret}`, `/healthz?${secret}`]) {
      const fields = await logged(path, { headers: { authorization: `Bearer ${secret}` } });
      assert.doesNotMatch(JSON.stringify(fields), new RegExp(secret), path);
    }
    assert.doesNotMatch(JSON.stringify(await logged('/api/documents?name=a', { method: 'POST', body: secret })), new RegExp(secret));
  });

  it('[A5] names a request that no route answers by no route', async () => {
    assert.deepEqual(await logged('/nowhere'), { method: 'GET', route: 'none', status: 404, code: 'not-found' });
  });
});

it('an outage of the database is told to the operator with its cause, and to the client without', async () => {
  const cause = new Error('password authentication failed for user "inkwire"');
  const failure = new InkwireError('database-unavailable', undefined, { cause });
  const { app, outages, lines } = testApp({ documents: { ...memoryDocuments(), list: () => Promise.reject(failure) } });
  const response = await app.request('/api/documents', { headers: { host: 'localhost' } });
  assert.equal(response.status, 503);
  assert.doesNotMatch(await response.text(), /password/);
  assert.deepEqual([outages, lines], [[failure], []]);
});
