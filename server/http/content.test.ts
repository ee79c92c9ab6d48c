import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InkwireError } from '../../protocol/errors.ts';
import { matchedVersions } from './content.ts';
import { testApp } from './testing.ts';

async function withDocument() {
  const { app } = testApp();
  await app.request('/api/documents?name=a', { method: 'POST', headers: { 'Content-Type': 'text/markdown' }, body: 'one' });
  const put = (body: string, headers: Record<string, string> = {}, name = 'a') =>
    app.request(`/api/documents/${name}/content`, { method: 'PUT', headers: { 'Content-Type': 'text/markdown', ...headers }, body });
  const text = async () => (await app.request('/api/documents/a/export?format=text')).text();
  return { app, put, text };
}

describe('PUT /api/documents/{name}/content', () => {
  it('replaces the content with Markdown and answers the version and the warnings', async () => {
    const { put, text } = await withDocument();
    const response = await put('lossy');
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), { version: 2, warnings: ['something is lossy'] });
    assert.equal(response.headers.get('etag'), 'W/"2"');
    assert.equal(await text(), 'lossy');
  });

  it('takes ProseMirror JSON', async () => {
    const { put, text } = await withDocument();
    const content = { type: 'doc', content: [{ type: 'paragraph', content: [{ type: 'text', text: 'from json' }] }] };
    assert.equal((await put(JSON.stringify(content), { 'Content-Type': 'application/json' })).status, 200);
    assert.equal(await text(), 'from json');
  });

  it('lists what can be imported when something else is sent', async () => {
    const { put } = await withDocument();
    const { detail } = (await (await put('x', { 'Content-Type': 'text/css' })).json()) as { detail: string };
    assert.match(detail, /^text\/css cannot be imported; send one of text\/markdown, .*application\/json/);
  });

  for (const ifMatch of ['"1"', 'W/"1"', '"7", "1"', '*']) {
    it(`replaces it under If-Match: ${ifMatch}`, async () => {
      const { put, text } = await withDocument();
      assert.equal((await put('two', { 'If-Match': ifMatch })).status, 200);
      assert.equal(await text(), 'two');
    });
  }

  for (const ifMatch of ['"0"', '"2"', 'W/"01"', '"some-other-tag"']) {
    it(`changes nothing under If-Match: ${ifMatch}`, async () => {
      const { put, text } = await withDocument();
      const response = await put('two', { 'If-Match': ifMatch });
      assert.equal(response.status, 412);
      assert.equal(((await response.json()) as { code: string }).code, 'version-mismatch');
      assert.equal(await text(), 'one');
    });
  }

  const refused: [what: string, code: string, status: number, body: string, headers: Record<string, string>, name?: string][] = [
    ['an unknown document', 'document-not-found', 404, 'x', {}, 'none'],
    ['a bad name', 'bad-name', 400, 'x', {}, '%ff'],
    ['another kind of content', 'unsupported-media-type', 415, 'x', { 'Content-Type': 'text/css' }],
    ['bytes of no kind', 'unsupported-media-type', 415, 'x', { 'Content-Type': 'application/octet-stream' }],
    ['content that cannot be read', 'bad-content', 400, 'unreadable', {}],
    ['an If-Match without quotes', 'bad-request', 400, 'x', { 'If-Match': '1' }],
    ['a body that is too large', 'body-too-large', 413, 'x'.repeat(64 * 1024 + 1), {}],
  ];
  for (const [what, code, status, body, headers, name] of refused) {
    it(`refuses ${what} and changes nothing`, async () => {
      const { put, text } = await withDocument();
      const response = await put(body, headers, name);
      assert.equal(((await response.json()) as { code: string }).code, code);
      assert.equal(response.status, status);
      assert.equal(await text(), 'one');
    });
  }
});

describe('If-Match', () => {
  it('names versions, strong or weak', () => {
    assert.equal(matchedVersions(undefined), null);
    assert.equal(matchedVersions(' * '), null);
    assert.deepEqual(matchedVersions('"1", W/"22"'), new Set(['1', '22']));
    for (const header of ['', '1', '"1', '"1",', 'w/"1"']) assert.throws(() => matchedVersions(header), InkwireError, header);
  });
});
