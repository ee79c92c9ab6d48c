import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ERRORS } from '../../protocol/errors.ts';
import { testApp } from './testing.ts';

const json = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const markdown = (body: string): RequestInit => ({ method: 'POST', headers: { 'Content-Type': 'text/markdown; charset=utf-8' }, body });

describe('POST /api/documents', () => {
  it('creates a document with a name, a title and Markdown, and says where it is', async () => {
    const { app } = testApp();
    const response = await app.request('/api/documents', json({ name: 'team/plan', title: 'Plan', markdown: 'one\ntwo' }));
    assert.equal(response.status, 201);
    assert.equal(response.headers.get('location'), '/api/documents/team%2Fplan');
    const { createdAt, updatedAt, bytes, ...rest } = (await response.json()) as Record<string, string>;
    assert.deepEqual(rest, {
      name: 'team/plan',
      title: 'Plan',
      version: 1,
      updatedBy: null,
      present: [],
      role: 'admin',
      links: {
        page: '/d/team%2Fplan',
        self: '/api/documents/team%2Fplan',
        export: '/api/documents/team%2Fplan/export',
        content: '/api/documents/team%2Fplan/content',
      },
    });
    for (const time of [createdAt, updatedAt]) assert.equal(new Date(time!).toISOString(), time);
    assert.deepEqual(Object.keys(bytes!), ['snapshot', 'log']);
    assert.equal(await (await app.request('/api/documents/team%2Fplan/export?format=text')).text(), 'one\ntwo');
  });

  it('takes Markdown as the body, with name and title in the query', async () => {
    const { app } = testApp();
    const response = await app.request('/api/documents?name=notes&title=Notes', markdown('hello'));
    const { name, title } = (await response.json()) as Record<string, string>;
    assert.deepEqual({ status: response.status, name, title }, { status: 201, name: 'notes', title: 'Notes' });
    assert.equal(await (await app.request('/api/documents/notes/export?format=text')).text(), 'hello');
  });

  it('takes ProseMirror JSON as a member', async () => {
    const { app } = testApp();
    const content = { type: 'doc', content: [{ type: 'paragraph', content: [{ type: 'text', text: 'from json' }] }] };
    assert.equal((await app.request('/api/documents?name=a', json({ content }))).status, 201);
    assert.equal(await (await app.request('/api/documents/a/export?format=text')).text(), 'from json');
  });

  it('takes a file by any media type of its format', async () => {
    const { app } = testApp();
    const init = { method: 'POST', headers: { 'Content-Type': 'Text/X-Markdown; charset=utf-8' }, body: 'hello' };
    assert.equal((await app.request('/api/documents?name=a', init)).status, 201);
    assert.equal(await (await app.request('/api/documents/a/export?format=text')).text(), 'hello');
  });

  it('takes the title the Markdown carries unless one is given', async () => {
    const { app } = testApp();
    const carried = await app.request('/api/documents', markdown('title: Carried'));
    assert.equal(((await carried.json()) as { title: string }).title, 'Carried');
    const given = await app.request('/api/documents?title=Given', markdown('title: Carried'));
    assert.equal(((await given.json()) as { title: string }).title, 'Given');
  });

  it('makes a short name that needs no escaping when none is given, even without a body', async () => {
    const { app } = testApp();
    const names = new Set<string>();
    for (let count = 0; count < 50; count++) {
      const response = await app.request('/api/documents', { method: 'POST' });
      assert.equal(response.status, 201);
      const { name } = (await response.json()) as { name: string };
      assert.match(name, /^[0-9a-z]{12}$/);
      names.add(name);
    }
    assert.equal(names.size, 50);
  });

  const refused: [what: string, init: RequestInit, query: string, code: keyof typeof ERRORS, detail: RegExp][] = [
    ['malformed JSON, with the position', json('{\n  "name": x\n}'), '', 'bad-request', /line 2, column 11/],
    ['JSON that ends too early', json(''), '', 'bad-request', /ends too early/],
    ['a member of the wrong type, by its path', json({ name: 1 }), '', 'bad-request', /^name: /],
    ['a member it does not know', json({ nam: 'x' }), '', 'bad-request', /nam/],
    ['a query it does not know', markdown(''), '?nmae=x', 'bad-request', /nmae/],
    ['a title that is too long', json({ title: 'x'.repeat(501) }), '', 'bad-request', /^title: /],
    ['a bad name', json({ name: 'a\u0000b' }), '', 'bad-name', /control character/],
    ['an empty name', json({ name: '' }), '', 'bad-name', /empty/],
    ['content that cannot be read', json({ markdown: 'unreadable' }), '', 'bad-content', /unreadable/],
    ['two contents', json({ markdown: 'x', content: { type: 'doc' } }), '', 'bad-request', /either markdown or content/],
    ['JSON that is no document', json({ content: { type: 'paragraph' } }), '', 'bad-request', /^content\.type: /],
    [
      'JSON that is too deep to be handed on',
      json(`{"content":{"type":"doc","content":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`),
      '',
      'bad-content',
      /nested too deeply/,
    ],
    [
      'another kind of body',
      { method: 'POST', headers: { 'Content-Type': 'text/css' }, body: 'x' },
      '',
      'unsupported-media-type',
      /^text\/css cannot be imported; send one of application\/json, text\/markdown, text\/x-markdown, text\/html, application\/xhtml\+xml, text\/plain, [^ ]+wordprocessingml\.document, [^ ]+opendocument\.text, application\/epub\+zip, application\/x-yjs-update\.$/,
    ],
    ['a body of unsaid kind', { method: 'POST', body: new Uint8Array([1]) }, '', 'unsupported-media-type', /Content-Type/],
  ];
  for (const [what, init, query, code, detail] of refused) {
    it(`refuses ${what}`, async () => {
      const { app } = testApp();
      const response = await app.request(`/api/documents${query}`, init);
      const body = (await response.json()) as { code: string; detail: string };
      assert.equal(body.code, code);
      assert.match(body.detail, detail);
      assert.equal(response.status, ERRORS[code].status);
      assert.equal(response.headers.get('content-type'), 'application/problem+json');
    });
  }

  it('refuses a name that is taken', async () => {
    const { app } = testApp();
    await app.request('/api/documents', json({ name: 'a', markdown: 'first' }));
    const response = await app.request('/api/documents', json({ name: 'a', markdown: 'second' }));
    assert.equal(response.status, 409);
    assert.equal(((await response.json()) as { code: string }).code, 'document-exists');
    assert.equal(await (await app.request('/api/documents/a/export?format=text')).text(), 'first');
  });
});

describe('GET /api/documents', () => {
  it('pages through all documents with the cursor of the page before', async () => {
    const { app } = testApp();
    for (const name of ['a', 'b', 'c', 'd', 'e']) await app.request('/api/documents', json({ name }));
    const seen: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const response = await app.request(`/api/documents?limit=2${next === '' ? '' : `&cursor=${encodeURIComponent(next)}`}`);
      const page = (await response.json()) as { documents: { name: string }[]; next: string | null };
      assert.ok(page.documents.length <= 2);
      seen.push(...page.documents.map(({ name }) => name));
      next = page.next;
    }
    assert.deepEqual(seen, ['a', 'b', 'c', 'd', 'e']);
  });

  it('searches, and says who is in a document', async () => {
    const { app } = testApp();
    for (const name of ['busy', 'quiet']) await app.request('/api/documents', json({ name }));
    const { documents } = (await (await app.request('/api/documents?search=bus')).json()) as {
      documents: { name: string; present: unknown }[];
    };
    assert.deepEqual(
      documents.map(({ name, present }) => ({ name, present })),
      [{ name: 'busy', present: [{ name: 'Ada', color: '#aa3322' }] }],
    );
  });

  for (const query of ['limit=0', 'limit=201', 'limit=2.5', 'limit=many', 'cursor=damaged']) {
    it(`refuses ${query}`, async () => {
      const response = await testApp().app.request(`/api/documents?${query}`);
      assert.equal(response.status, 400);
      assert.equal(((await response.json()) as { code: string }).code, 'bad-request');
    });
  }
});

describe('GET and DELETE /api/documents/{name}', () => {
  it('reads a document, deletes it, and knows it no more', async () => {
    const { app } = testApp();
    await app.request('/api/documents', json({ name: 'a' }));
    const read = await app.request('/api/documents/a');
    assert.equal(read.status, 200);
    assert.equal(read.headers.get('etag'), 'W/"0"');
    const removed = await app.request('/api/documents/a', { method: 'DELETE' });
    assert.equal(removed.status, 204);
    assert.equal(await removed.text(), '');
    for (const method of ['GET', 'DELETE']) {
      const gone = await app.request('/api/documents/a', { method });
      assert.equal(gone.status, 404);
      assert.equal(((await gone.json()) as { code: string }).code, 'document-not-found');
    }
  });
});

describe('the name in a path', () => {
  const names = [
    'plan',
    'team/plan',
    'a b',
    'a+b',
    '...',
    '.hidden',
    'a.md',
    '100%',
    '%2F',
    '%25',
    'ünï',
    '日本語',
    '🖋️',
    'a?b#c',
    'a\\b',
    'export',
    'a"\'<>',
    `${'é'.repeat(127)}x`,
  ];
  for (const name of names) {
    it(`${JSON.stringify(name.slice(0, 20))} is the same in all addresses`, async () => {
      const { app } = testApp();
      const created = await app.request('/api/documents', json({ name, markdown: 'text' }));
      assert.equal(created.status, 201);
      const { links } = (await created.json()) as { links: Record<string, string> };
      const read = await app.request(created.headers.get('location')!);
      assert.equal(((await read.json()) as { name: string }).name, name);
      assert.equal(await (await app.request(`${links.export}?format=text`)).text(), 'text');
      const put = await app.request(links.content!, { method: 'PUT', headers: { 'Content-Type': 'text/markdown' }, body: 'other' });
      assert.equal(put.status, 200);
      assert.equal((await app.request(links.self!, { method: 'DELETE' })).status, 204);
    });
  }

  const bad: [path: string, code: string][] = [
    ['%', 'bad-name'],
    ['a%2', 'bad-name'],
    ['%zz', 'bad-name'],
    ['%ff', 'bad-name'],
    ['%C3%28', 'bad-name'],
    ['a%00b', 'bad-name'],
    ['%0A', 'bad-name'],
    ['%20', 'bad-name'],
    ['x'.repeat(256), 'bad-name'],
    ['%2e%2e', 'not-found'],
    ['..', 'not-found'],
    ['', 'not-found'],
    ['team/plan', 'not-found'],
  ];
  for (const [path, code] of bad) {
    it(`/api/documents/${path.slice(0, 20)} is refused as ${code}`, async () => {
      for (const method of ['GET', 'DELETE']) {
        const response = await testApp().app.request(`/api/documents/${path}`, { method });
        assert.equal(((await response.json()) as { code: string }).code, code);
      }
    });
  }
});
