import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Identity } from '../../protocol/identity.ts';
import { memoryAccess } from './testing/memory-access.ts';
import { lineConversions, memoryDocuments, testApp } from './testing.ts';

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;

/** A request whose body tells whether it was looked at. */
function unread(url: string, init: RequestInit): { request: Request; wasRead: () => boolean } {
  let read = false;
  const source: UnderlyingDefaultSource = {
    pull(controller) {
      read = true;
      controller.close();
    },
  };
  // A stream that may hold something is pulled before anybody asks.
  const body = new ReadableStream(source, { highWaterMark: 0 });
  return { request: new Request(url, { ...init, body, duplex: 'half' } as RequestInit), wasRead: () => read };
}

describe('who asks', () => {
  const challenges: [what: string, headers: Record<string, string>, code: string, challenge: string][] = [
    ['nobody', {}, 'sign-in-required', 'Bearer realm="inkwire"'],
    ['another scheme', { Authorization: 'Basic cm9vdDpyb290' }, 'sign-in-required', 'Bearer realm="inkwire"'],
    ['a scheme without a token', { Authorization: 'Bearer ' }, 'sign-in-required', 'Bearer realm="inkwire"'],
    ['two tokens', { Authorization: 'Bearer a b' }, 'sign-in-required', 'Bearer realm="inkwire"'],
    ['a cookie', { Cookie: 'token=token-1' }, 'sign-in-required', 'Bearer realm="inkwire"'],
    ['a made-up token', bearer('guessed'), 'token-invalid', 'Bearer realm="inkwire", error="invalid_token"'],
    ['one that has expired', bearer('expired'), 'token-expired', 'Bearer realm="inkwire", error="invalid_token"'],
  ];
  for (const [what, headers, code, challenge] of challenges) {
    it(`${what} is ${code}, and is told how to sign in`, async () => {
      const access = memoryAccess();
      access.tokenFor('ann', { '*': 'admin' });
      const response = await testApp({ access }).app.request('/api/session?token=token-1', { headers });
      assert.equal(response.status, 401);
      assert.equal(response.headers.get('www-authenticate'), challenge);
      assert.equal(response.headers.get('cache-control'), 'no-store');
      assert.equal(await codeOf(response), code);
    });
  }

  it('is told by the scheme in any case', async () => {
    const access = memoryAccess();
    const token = access.tokenFor('ann', {});
    const response = await testApp({ access }).app.request('/api/session', { headers: { Authorization: `bearer  ${token}` } });
    assert.equal(((await response.json()) as { sub: string }).sub, 'ann');
  });

  it('is decided before what they may, and that before a body is read', async () => {
    const access = memoryAccess();
    const { app } = testApp({ access });
    const viewer = access.tokenFor('viewer', { '*': 'view' });
    const asked: [method: string, path: string][] = [
      ['PUT', '/api/documents/a/content'],
      ['POST', '/api/documents'],
      ['POST', '/api/tokens'],
      ['POST', '/api/documents/a/share-links'],
    ];
    for (const [method, path] of asked) {
      for (const [headers, status] of [
        [{}, 401],
        [bearer(viewer), 403],
      ] as const) {
        const { request, wasRead } = unread(`http://localhost${path}`, {
          method,
          headers: { 'Content-Type': 'text/markdown', ...headers },
        });
        assert.equal((await app.request(request)).status, status);
        assert.equal(wasRead(), false, `${method} ${path} answered ${status}`);
      }
    }
    const { request, wasRead } = unread('http://localhost/api/documents?name=a', {
      method: 'POST',
      headers: { 'Content-Type': 'text/markdown', ...bearer(access.tokenFor('writer', { '*': 'edit' })) },
    });
    assert.equal((await app.request(request)).status, 201);
    assert.equal(wasRead(), true);
  });

  it('[A1] is refused the same, to the letter, whether a document is there or not', async () => {
    const access = memoryAccess();
    const documents = memoryDocuments();
    await documents.create('there', null, () => {});
    const { app } = testApp({ access, documents });
    const token = access.tokenFor('eve', { 'other/*': 'admin' });
    for (const [method, rest] of [
      ['GET', ''],
      ['DELETE', ''],
      ['GET', '/export'],
      ['PUT', '/content'],
      ['GET', '/share-links'],
    ] as const) {
      const answers = await Promise.all(
        ['there', 'hello'].map(async (name) => {
          const response = await app.request(`/api/documents/${name}${rest}`, { method, headers: bearer(token) });
          return [response.status, [...response.headers], await response.text()];
        }),
      );
      assert.equal(answers[0]![0], 403);
      assert.deepEqual(answers[0], answers[1]);
    }
    const create = (name: string) =>
      app.request('/api/documents', {
        method: 'POST',
        headers: bearer(token),
        body: new Blob([JSON.stringify({ name })], { type: 'application/json' }),
      });
    assert.deepEqual(await (await create('there')).text(), await (await create('hello')).text());
  });

  it('and a name that is none is told so only to somebody', async () => {
    const access = memoryAccess();
    const { app } = testApp({ access });
    assert.equal((await app.request('/api/documents/%ff')).status, 401);
    const headers = bearer(access.tokenFor('eve', {}));
    assert.equal((await app.request('/api/documents/%ff', { headers })).status, 400);
  });

  it('stands in the log as the sub of their token; a guest does not', async () => {
    const access = memoryAccess();
    const documents = memoryDocuments();
    const { app } = testApp({ access, documents });
    const markdown = (method: string, token: string) => ({
      method,
      headers: { 'Content-Type': 'text/markdown', ...bearer(token) },
      body: 'x',
    });
    await app.request('/api/documents?name=a', markdown('POST', access.tokenFor('ann', { '*': 'edit' })));
    assert.equal((await documents.info('a'))?.updatedBy, 'ann');
    await app.request('/api/documents/a/content', markdown('PUT', access.tokenFor('bob', { '*': 'edit' })));
    assert.equal((await documents.info('a'))?.updatedBy, 'bob');
    await testApp({ documents }).app.request('/api/documents/a/content', markdown('PUT', 'guest:Ada'));
    assert.equal((await documents.info('a'))?.updatedBy, null);
  });
});

describe('[A2] a token that is revoked while its request is under way', () => {
  async function scene() {
    const access = memoryAccess();
    const documents = memoryDocuments();
    await documents.create('a', null, () => {});
    const token = access.tokenFor('ann', { '*': 'admin' });
    const revoking = <T>(answer: Promise<T>) => access.revoke({ sub: 'ann' }).then(() => answer);
    const conversions = {
      ...lineConversions,
      toFormat: (...asked: Parameters<typeof lineConversions.toFormat>) => revoking(lineConversions.toFormat(...asked)),
      fromFormat: (...asked: Parameters<typeof lineConversions.fromFormat>) => revoking(lineConversions.fromFormat(...asked)),
    };
    const { app } = testApp({ access, documents, conversions });
    const ask = (method: string, path: string, body?: string) =>
      app.request(path, {
        method,
        headers: { 'Content-Type': 'text/markdown', ...bearer(token) },
        ...(body === undefined ? {} : { body }),
      });
    return { ask, documents };
  }

  for (const [method, path, body] of [
    ['GET', '/api/documents/a/export', undefined],
    ['PUT', '/api/documents/a/content', 'changed'],
    ['POST', '/api/documents?name=b', 'made'],
  ] as const) {
    it(`ends ${method} ${path} before anything is told or changed`, async () => {
      const { ask, documents } = await scene();
      const response = await ask(method, path, body);
      assert.equal(response.status, 401);
      assert.equal(await codeOf(response), 'token-revoked');
      assert.equal((await documents.info('a'))?.version, 0);
      assert.equal(await documents.info('b'), null);
    });
  }
});

describe('the lists', () => {
  it('[A1] hold what one may read, with the role one has on it', async () => {
    const access = memoryAccess();
    const documents = memoryDocuments();
    for (const name of ['team/plan', 'team/notes', 'teams', 'own', 'other']) await documents.create(name, null, () => {});
    const { app } = testApp({ access, documents });
    const listed = async (patterns: Identity['access']) => {
      const response = await app.request('/api/documents', { headers: bearer(access.tokenFor('ann', patterns)) });
      const list = (await response.json()) as { documents: { name: string; role: string }[] };
      return Object.fromEntries(list.documents.map(({ name, role }) => [name, role]));
    };
    assert.deepEqual(await listed({}), {});
    assert.deepEqual(await listed({ 'team/*': 'view', own: 'edit', none: 'admin' }), {
      'team/notes': 'view',
      'team/plan': 'view',
      own: 'edit',
    });
    assert.deepEqual(await listed({ 'team/*': 'view', 'team/plan': 'admin' }), { 'team/notes': 'view', 'team/plan': 'admin' });
    assert.deepEqual(Object.keys(await listed({ '*': 'view' })), ['other', 'own', 'team/notes', 'team/plan', 'teams']);
  });

  it('of patterns is what a name is made up within', async () => {
    const access = memoryAccess();
    const { app } = testApp({ access });
    const made = async (patterns: Identity['access']) => {
      const response = await app.request('/api/documents', { method: 'POST', headers: bearer(access.tokenFor('ann', patterns)) });
      return response.status === 201 ? ((await response.json()) as { name: string }).name : response.status;
    };
    assert.match(String(await made({ '*': 'edit', 'team/*': 'edit' })), /^\w{12}$/);
    assert.match(String(await made({ read: 'edit', 'all/*': 'view', 'team/*': 'edit' })), /^team\/\w{12}$/);
    assert.equal(await made({ own: 'edit' }), 403);
  });
});

describe('the guard at the door', () => {
  it('is asked for the address, then for whoever the token speaks for', async () => {
    const access = memoryAccess();
    const asked: [string, string | undefined][] = [];
    const request = (address: string, identity: Identity | null) => {
      asked.push([address, identity?.sub]);
      return null;
    };
    const { app } = testApp({ access, edge: { countRequest: request } });
    await app.request('/healthz');
    await app.request('/api/session', { headers: bearer(access.tokenFor('ann', {})) });
    assert.deepEqual(asked, [
      ['192.0.2.1', undefined],
      ['192.0.2.1', undefined],
      ['192.0.2.1', 'ann'],
    ]);
  });

  it('refuses what is too much, with a time to come back, before a token is looked at', async () => {
    const access = { ...memoryAccess(), identify: () => Promise.reject(new Error('looked at')) };
    const requestsLeft = (_: string, identity: unknown) =>
      ({ by: identity === null ? 'address' : 'user', perMinute: 120, left: 30 }) as const;
    const { app } = testApp({ access, edge: { countRequest: () => 'too-many-requests', requestsLeft } });
    const response = await app.request('/api/documents', { headers: bearer('x') });
    assert.equal(response.status, 429);
    assert.deepEqual(
      ['RateLimit', 'RateLimit-Policy'].map((name) => response.headers.get(name)),
      ['"address";r=30;t=45', '"address";q=120;w=60'],
    );
    assert.equal(response.headers.get('retry-after'), '1');
  });

  it('is told of tokens and links that are made up, and may end that; whoever has a good token comes in', async () => {
    const access = memoryAccess();
    const tried: string[] = [];
    const { app } = testApp({ access, edge: { countBadToken: (address) => (tried.push(address) > 2 ? 'too-many-requests' : null) } });
    await app.request('/api/session');
    await app.request('/api/session', { headers: bearer('expired') });
    assert.deepEqual(tried, []);
    await app.request('/api/session', { headers: bearer('guessed') });
    assert.equal(tried.length, 1);
    const body = JSON.stringify({ secret: 'guessed' });
    const response = await app.request('/api/share-links/redeem', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
    });
    assert.equal(await codeOf(response), 'share-link-gone');
    assert.equal(tried.length, 2);
    assert.equal(await codeOf(await app.request('/api/session', { headers: bearer('guessed') })), 'too-many-requests');
    assert.equal((await app.request('/api/session', { headers: bearer(access.tokenFor('ann', {})) })).status, 200);
  });
});
