import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exportFormats } from '../../document/formats/format.ts';
import type { Conversions } from '../ports/conversions.ts';
import { lineConversions, testApp } from './testing.ts';

async function withDocument(markdown: string, title = 'Über uns', options: Parameters<typeof testApp>[0] = {}) {
  const { app } = testApp(options);
  const body = JSON.stringify({ name: 'a', title, markdown });
  const created = await app.request('/api/documents', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
  assert.equal(created.status, 201);
  return app;
}

describe('GET /api/documents/{name}/export', () => {
  const types: Record<string, string> = {
    markdown: 'text/markdown; charset=utf-8',
    html: 'text/html; charset=utf-8',
    text: 'text/plain; charset=utf-8',
    json: 'application/json; charset=utf-8',
    yjs: 'application/x-yjs-update',
    docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    pdf: 'application/pdf',
    odt: 'application/vnd.oasis.opendocument.text',
    epub: 'application/epub+zip',
    latex: 'application/x-latex; charset=utf-8',
  };
  for (const { name: format } of exportFormats) {
    it(`answers format=${format} with its own type`, async () => {
      const app = await withDocument('hello');
      const response = await app.request(`/api/documents/a/export?format=${format}`);
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('content-type'), types[format]);
      assert.equal(Number(response.headers.get('content-length')), (await response.bytes()).length);
    });
  }

  const accepted: [accept: string, type: string][] = [
    ['application/json', 'json'],
    ['text/html,application/xhtml+xml,*/*;q=0.8', 'html'],
    ['text/plain;q=0.9, text/markdown;q=0.1', 'text'],
    ['*/*', 'markdown'],
  ];
  for (const [accept, format] of accepted) {
    it(`answers Accept: ${accept} with ${format}`, async () => {
      const app = await withDocument('hello');
      const response = await app.request('/api/documents/a/export', { headers: { Accept: accept } });
      assert.equal(response.headers.get('content-type'), types[format]);
      assert.match(response.headers.get('vary') ?? '', /\bAccept\b(?!-)/);
    });
  }

  it('takes a file extension for a format, before what is accepted', async () => {
    const app = await withDocument('hello');
    const response = await app.request('/api/documents/a/export?format=txt', { headers: { Accept: 'text/html' } });
    assert.equal(await response.text(), 'hello');
  });

  for (const [path, headers] of [
    ['?format=docm', {}],
    ['?format=', {}],
    ['', { Accept: 'image/png' }],
  ] as [string, Record<string, string>][]) {
    it(`refuses "${path}" with ${JSON.stringify(headers)} and lists the formats it knows`, async () => {
      const app = await withDocument('hello');
      const response = await app.request(`/api/documents/a/export${path}`, { headers });
      assert.equal(response.status, 406);
      const { code, formats } = (await response.json()) as { code: string; formats: string[] };
      assert.deepEqual({ code, formats }, { code: 'unknown-format', formats: exportFormats.map(({ name }) => name) });
    });
  }

  it('names the file after the title, to save it under with download=1', async () => {
    const app = await withDocument('hello');
    const shown = await app.request('/api/documents/a/export?format=markdown');
    assert.equal(shown.headers.get('content-disposition'), `inline; filename="Uber uns.md"; filename*=UTF-8''%C3%9Cber%20uns.md`);
    const saved = await app.request('/api/documents/a/export?format=html&download=1');
    assert.match(saved.headers.get('content-disposition')!, /^attachment; filename="Uber uns\.html"/);
    const untitled = await (await withDocument('hello', '')).request('/api/documents/a/export?format=text');
    assert.match(untitled.headers.get('content-disposition')!, /filename="a\.txt"/);
  });

  it('has an ETag that changes with the content only, and answers 304 while it holds', async () => {
    const app = await withDocument('hello');
    const path = '/api/documents/a/export?format=text';
    const tag = (await app.request(path)).headers.get('etag')!;
    assert.match(tag, /^"[\w-]{43}"$/);
    assert.equal((await app.request(path)).headers.get('etag'), tag);
    for (const header of [tag, `"x", W/${tag}`, '*']) {
      const unchanged = await app.request(path, { headers: { 'If-None-Match': header } });
      assert.equal(unchanged.status, 304);
      assert.equal(unchanged.headers.get('etag'), tag);
      assert.equal(await unchanged.text(), '');
    }
    await app.request('/api/documents/a/content', { method: 'PUT', headers: { 'Content-Type': 'text/markdown' }, body: 'changed' });
    const changed = await app.request(path, { headers: { 'If-None-Match': tag } });
    assert.equal(changed.status, 200);
    assert.equal(await changed.text(), 'changed');
    assert.notEqual(changed.headers.get('etag'), tag);
  });

  it('is made once for whoever asks for the same, and not at all for who has it', async () => {
    let made = 0;
    const conversions: Conversions = {
      ...lineConversions,
      toFormat(...parts) {
        made += 1;
        return lineConversions.toFormat(...parts);
      },
    };
    const app = await withDocument('hello', 'Über uns', { conversions });
    const path = '/api/documents/a/export?format=docx';
    const first = await app.request(path);
    const tag = first.headers.get('etag')!;
    assert.match(tag, /^W\/"[\w-]{43}"$/);
    const again = await app.request(path);
    assert.deepEqual(await again.bytes(), await first.bytes());
    assert.equal((await app.request(path, { headers: { 'If-None-Match': tag } })).status, 304);
    assert.equal(made, 1);
    const others = ['&suggestions=accept', '&paper=a5', '&margin=10', '&root=content'];
    const tags = await Promise.all(others.map(async (more) => (await app.request(path + more)).headers.get('etag')));
    assert.equal(new Set([tag, ...tags]).size, others.length + 1);
    assert.equal(made, others.length + 1);
  });

  for (const query of [
    'format=markdown&fragment=1',
    'format=docx&assets=inline',
    'format=pdf&paper=b9',
    'format=pdf&margin=200',
    'format=docx&suggestions=some',
  ]) {
    it(`refuses ${query}`, async () => {
      const response = await (await withDocument('hello')).request(`/api/documents/a/export?${query}`);
      assert.equal(response.status, 400);
      assert.equal(((await response.json()) as { code: string }).code, 'bad-request');
    });
  }

  it('[X2] is shown by a browser in a sandbox without scripts', async () => {
    const app = await withDocument('hello');
    const policy = (await app.request('/api/documents/a/export?format=html')).headers.get('content-security-policy')!;
    assert.deepEqual(policy.split('; '), [
      ...['sandbox', "default-src 'none'", "style-src 'unsafe-inline'", 'img-src data: https:'],
      "frame-ancestors 'none'",
    ]);
  });

  it('counts what the format could not say', async () => {
    assert.equal((await (await withDocument('lossy')).request('/api/documents/a/export')).headers.get('inkwire-warnings'), '1');
    assert.equal((await (await withDocument('fine')).request('/api/documents/a/export')).headers.get('inkwire-warnings'), null);
  });

  it('names a version for If-Match', async () => {
    const app = await withDocument('hello');
    assert.equal((await app.request('/api/documents/a/export')).headers.get('inkwire-version'), '1');
  });

  it('is compressed when that is accepted, and is the same 304', async () => {
    const app = await withDocument('hello '.repeat(1000));
    const path = '/api/documents/a/export?format=text';
    const response = await app.request(path, { headers: { 'Accept-Encoding': 'gzip' } });
    assert.equal(response.headers.get('content-encoding'), 'gzip');
    const text = await new Response(response.body!.pipeThrough(new DecompressionStream('gzip'))).text();
    assert.equal(text, 'hello '.repeat(1000));
    const again = await app.request(path, { headers: { 'Accept-Encoding': 'gzip', 'If-None-Match': response.headers.get('etag')! } });
    assert.equal(again.status, 304);
  });

  it('does not know a document that is not there', async () => {
    const response = await testApp().app.request('/api/documents/none/export');
    assert.equal(response.status, 404);
    assert.equal(((await response.json()) as { code: string }).code, 'document-not-found');
  });
});
