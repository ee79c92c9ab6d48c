import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import * as Y from 'yjs';
import { exportFormats } from '../document/formats/format.ts';
import { plainText } from '../document/live.ts';
import { takesMarkdown } from './large-markdown.ts';
import { ServerProcess } from './server-process.ts';
import { until } from './wait.ts';
import { WriterClient } from './writer-client.ts';

/** Enough for a large document to be converted on a machine that is busy with other tests, ms. */
const PATIENT = { INKWIRE_CONVERSION_TIMEOUT_MS: '300000' };

const MARKDOWN = '# Plan\n\nSome **bold** words.\n\n- [ ] one\n- [x] two\n';

describe('the HTTP API of a real server', () => {
  let server: ServerProcess;
  before(async () => {
    server = await ServerProcess.start(PATIENT);
  });
  after(() => server.dispose());

  const api = (name: string, rest = '') => `${server.url}/api/documents/${encodeURIComponent(name)}${rest}`;

  function create(name: string, markdown: BodyInit): Promise<Response> {
    const query = new URLSearchParams({ name });
    return fetch(`${server.url}/api/documents?${query}`, { method: 'POST', headers: { 'Content-Type': 'text/markdown' }, body: markdown });
  }

  function put(name: string, markdown: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(api(name, '/content'), { method: 'PUT', headers: { 'Content-Type': 'text/markdown', ...headers }, body: markdown });
  }

  async function writer(t: TestContext, name: string): Promise<WriterClient> {
    const client = new WriterClient(server.collab, name);
    t.after(() => client.close());
    await client.synced();
    return client;
  }

  it('[L4] gives up a conversion whose caller has left, and makes nothing of it', async () => {
    const large = 'A paragraph.\n\n'.repeat(30_000);
    const caller = new AbortController();
    const sent = Promise.withResolvers<void>();
    const body = new ReadableStream({
      pull(controller) {
        controller.enqueue(new TextEncoder().encode(large));
        controller.close();
        sent.resolve();
      },
    });
    const left = assert.rejects(
      fetch(`${server.url}/api/documents?name=left`, {
        ...{ method: 'POST', headers: { 'Content-Type': 'text/markdown' }, body, signal: caller.signal },
        duplex: 'half',
      } as RequestInit),
      { name: 'AbortError' },
    );
    await sent.promise;
    // The same caller's large conversions follow each other: this one waits for the first, or is glad that it is gone.
    const stayed = create('stayed', large);
    caller.abort();
    await left;
    assert.equal((await stayed).status, 201);
    assert.equal((await fetch(api('left'))).status, 404);
  });

  it('makes a document of Markdown and writes it in every format', async () => {
    assert.equal((await create('formats', MARKDOWN)).status, 201);
    const written: Record<string, string> = {};
    for (const { name: format } of exportFormats) {
      const response = await fetch(api('formats', `/export?format=${format}`));
      assert.equal(response.status, 200, format);
      const body = await response.bytes();
      if (format === 'yjs') {
        const document = new Y.Doc();
        Y.applyUpdate(document, body);
        written.yjs = plainText(document);
      } else {
        written[format] = new TextDecoder().decode(body);
      }
      const again = await fetch(api('formats', `/export?format=${format}`), {
        headers: { 'If-None-Match': response.headers.get('etag')! },
      });
      assert.equal(again.status, 304, format);
    }
    assert.match(written.markdown!, /Some \*\*bold\*\* words\./);
    assert.match(written.html!, /Some <strong>bold<\/strong> words\./);
    assert.match(written.text!, /^Some bold words\.$/m);
    assert.equal(written.yjs, written.text);
    assert.equal((JSON.parse(written.json!) as { type: string }).type, 'doc');
  });

  it('shows a replaced content to open editors, and answers when it is committed', async (t) => {
    await create('live', 'before');
    const client = await writer(t, 'live');
    assert.equal(plainText(client.document), 'before');
    const { version, warnings } = (await (await put('live', 'after')).json()) as { version: number; warnings: string[] };
    assert.deepEqual(warnings, []);
    await until('the editor shows the new content', () => plainText(client.document) === 'after');
    assert.equal(((await (await fetch(api('live'))).json()) as { version: number }).version, version);
  });

  it('[D4] loses no replaced content to a kill -9 that follows the answer', async () => {
    await create('killed', 'before');
    assert.equal((await put('killed', 'after')).status, 200);
    await server.kill9();
    await server.start();
    assert.equal(await (await fetch(api('killed', '/export?format=text'))).text(), 'after');
  });

  it('exports what an open editor wrote, and names a version that guards a write', async (t) => {
    await create('guarded', 'hello');
    const client = await writer(t, 'guarded');
    client.text.insert(5, ' world');
    await client.allSaved();
    const exported = await fetch(api('guarded', '/export?format=text'));
    assert.equal(await exported.text(), 'hello world');
    const version = exported.headers.get('inkwire-version');
    assert.equal((await put('guarded', 'mine', { 'If-Match': `"${version}"` })).status, 200);
    const refused = await put('guarded', 'too late', { 'If-Match': `"${version}"` });
    assert.equal(refused.status, 412);
    assert.equal(((await refused.json()) as { code: string }).code, 'version-mismatch');
    assert.equal(await (await fetch(api('guarded', '/export?format=text'))).text(), 'mine');
  });

  it('shows who is in a document, and who has left', async (t) => {
    await create('present', 'x');
    const client = await writer(t, 'present');
    client.provider.setAwarenessField('user', { name: 'Ada', color: '#aa3322' });
    const present = async () => ((await (await fetch(api('present'))).json()) as { present: { name: string }[] }).present;
    await until('Ada is there', async () => (await present()).length === 1);
    assert.equal((await present())[0]!.name, 'Ada');
    client.close();
    await until('[P2] she is gone', async () => (await present()).length === 0);
  });

  it('deletes a document: its sockets are closed and its name is unknown, until it is made again, empty', async (t) => {
    await create('deleted', 'secret');
    const client = await writer(t, 'deleted');
    const codes: number[] = [];
    client.socket.on('close', ({ event }: { event: { code: number } }) => codes.push(event.code));
    assert.equal((await fetch(api('deleted'), { method: 'DELETE' })).status, 204);
    await until('the socket is closed for good', () => codes.includes(4410));
    client.close();
    for (const response of [
      await fetch(api('deleted')),
      await fetch(api('deleted', '/export')),
      await put('deleted', 'x'),
      await fetch(api('deleted'), { method: 'DELETE' }),
    ]) {
      assert.equal(response.status, 404);
      assert.equal(((await response.json()) as { code: string }).code, 'document-not-found');
    }
    assert.equal((await create('deleted', '')).status, 201);
    assert.equal(await (await fetch(api('deleted', '/export?format=text'))).text(), '');
  });

  const names = [
    'team/plan',
    'a b',
    '...',
    '.hidden',
    '100%',
    '%2F',
    '日本語',
    '🖋️',
    'a?b#c',
    'a\\b',
    "Robert'); --",
    `${'é'.repeat(127)}x`,
  ];
  for (const name of names) {
    it(`keeps the name ${JSON.stringify(name.slice(0, 20))} over HTTP, the socket and the list`, async (t) => {
      assert.equal((await create(name, 'text')).status, 201);
      assert.equal((await create(name, 'text')).status, 409);
      assert.equal(((await (await fetch(api(name))).json()) as { name: string }).name, name);
      const client = await writer(t, name);
      assert.equal(plainText(client.document), 'text');
      const search = new URLSearchParams({ search: name });
      const { documents } = (await (await fetch(`${server.url}/api/documents?${search}`)).json()) as { documents: { name: string }[] };
      assert.deepEqual(
        documents.map((document) => document.name),
        [name],
      );
      client.close();
      assert.equal((await fetch(api(name), { method: 'DELETE' })).status, 204);
    });
  }

  it('takes 1 MB of Markdown and gives it back', () => takesMarkdown(server.url, 'large', 1024 * 1024));

  it('refuses 11 MB, and goes on', async () => {
    for (const response of [await create('huge', 'x'.repeat(11 * 1024 * 1024)), await put('large', 'x'.repeat(11 * 1024 * 1024))]) {
      assert.equal(response.status, 413);
      assert.equal(((await response.json()) as { code: string }).code, 'body-too-large');
    }
    assert.equal((await fetch(api('huge'))).status, 404);
    assert.equal((await fetch(`${server.url}/readyz`)).status, 200);
  });

  it('is closed to pages of other sites, on HTTP and on the socket', async () => {
    const headers = { Origin: 'https://evil.example' };
    assert.equal((await fetch(`${server.url}/api/documents`, { headers })).status, 403);
    const socket = new (await import('ws')).WebSocket(server.collab, { headers });
    const status = await new Promise((resolve) => {
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
      socket.on('open', () => resolve('open'));
      socket.on('error', resolve);
    });
    socket.terminate();
    assert.equal(status, 403);
  });
});
