import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ERRORS, type ErrorCode, InkwireError } from '../../protocol/errors.ts';
import { memoryDocuments, testApp } from './testing.ts';

describe('every refusal', () => {
  for (const code of Object.keys(ERRORS).filter((candidate) => candidate !== 'internal') as ErrorCode[]) {
    it(`${code} is problem+json as the table says`, async () => {
      const fail = () => Promise.reject(new InkwireError(code, 'this time'));
      const { app, lines } = testApp({ documents: { ...memoryDocuments(), info: fail } });
      const response = await app.request('/api/documents/a');
      const { status, title, retry } = ERRORS[code];
      assert.equal(response.status, status);
      assert.equal(response.headers.get('content-type'), 'application/problem+json');
      assert.equal(response.headers.get('cache-control'), 'no-store');
      assert.equal(response.headers.get('retry-after') !== null, (status === 503 || status === 429) && retry);
      assert.deepEqual(await response.json(), { type: `about:blank#${code}`, title, status, code, detail: 'this time' });
      assert.deepEqual(lines, []);
    });
  }

  it('that nobody foresaw is internal: logged under an id, telling nothing of the failure or the content', async () => {
    const failure = Object.assign(new Error('the cause'), { parameters: ['what somebody wrote'] });
    const { app, lines } = testApp({ documents: { ...memoryDocuments(), info: () => Promise.reject(failure) } });
    const response = await app.request('/api/documents/a');
    const body = (await response.json()) as { code: string; requestId: string };
    assert.equal(response.status, 500);
    assert.equal(body.code, 'internal');
    assert.doesNotMatch(JSON.stringify(body), /the cause|\.ts|what somebody wrote/);
    const [line] = lines;
    assert.equal(line?.fields.requestId, body.requestId);
    assert.match(JSON.stringify(line), /the cause/);
    assert.doesNotMatch(JSON.stringify(line), /what somebody wrote/);
  });

  it('of an address that is not there is a problem too', async () => {
    const response = await testApp().app.request('/nowhere');
    assert.equal(response.status, 404);
    assert.equal(((await response.json()) as { code: string }).code, 'not-found');
  });

  const methods: [method: string, path: string, allow: string[]][] = [
    ['PUT', '/api/documents', ['POST', 'GET', 'HEAD']],
    ['PATCH', '/api/documents/a', ['GET', 'HEAD', 'DELETE']],
    ['POST', '/api/documents/a/export', ['GET', 'HEAD']],
    ['GET', '/api/documents/a/content', ['PUT']],
    ['DELETE', '/healthz', ['GET', 'HEAD']],
    ['POST', '/', ['GET', 'HEAD']],
  ];
  for (const [method, path, allow] of methods) {
    it(`${method} ${path} names the methods that are taken`, async () => {
      const response = await testApp().app.request(path, { method });
      assert.equal(response.status, 405);
      assert.deepEqual(new Set(response.headers.get('allow')!.split(', ')), new Set(allow));
      assert.equal(((await response.json()) as { code: string }).code, 'method-not-allowed');
    });
  }
});

describe('who is answered', () => {
  it('a host name of ours only', async () => {
    const response = await testApp().app.request('http://rebound.example/api/documents');
    assert.equal(response.status, 421);
    assert.equal(((await response.json()) as { code: string }).code, 'host-refused');
  });

  it('pages of other origins are refused, before anything is done', async () => {
    const { app } = testApp();
    for (const origin of ['http://evil.example', 'null']) {
      const init = { method: 'POST', headers: { Origin: origin, 'Content-Type': 'text/markdown' }, body: 'x' };
      const response = await app.request('/api/documents?name=a', init);
      assert.equal(response.status, 403);
      assert.equal(((await response.json()) as { code: string }).code, 'origin-refused');
      assert.equal(response.headers.get('access-control-allow-origin'), null);
      const preflight = { method: 'OPTIONS', headers: { Origin: origin, 'Access-Control-Request-Method': 'DELETE' } };
      assert.equal((await app.request('/api/documents/a', preflight)).status, 403);
    }
    assert.equal((await app.request('/api/documents/a')).status, 404);
  });

  it('an allowed origin gets CORS for itself, preflight and refusals included, without credentials', async () => {
    const { app } = testApp();
    const origin = 'http://localhost:5173';
    const preflight = await app.request('/api/documents/a/content', {
      method: 'OPTIONS',
      headers: { Origin: origin, 'Access-Control-Request-Method': 'PUT', 'Access-Control-Request-Headers': 'authorization,if-match' },
    });
    assert.equal(preflight.status, 204);
    assert.match(preflight.headers.get('access-control-allow-methods')!, /PUT/);
    assert.match(preflight.headers.get('access-control-allow-methods')!, /PATCH/);
    for (const header of [/If-Match/, /Authorization/]) assert.match(preflight.headers.get('access-control-allow-headers')!, header);
    for (const path of ['/api/documents', '/api/documents/none']) {
      const response = await app.request(path, { headers: { Origin: origin } });
      assert.equal(response.headers.get('access-control-allow-origin'), origin);
      assert.equal(response.headers.get('access-control-allow-credentials'), null);
      assert.match(response.headers.get('vary')!, /\bOrigin\b/);
      assert.match(response.headers.get('access-control-expose-headers')!, /ETag/);
    }
  });
});

describe('health', () => {
  it('/healthz answers while the process does, /readyz tells what is wrong', async () => {
    const { app } = testApp({ readiness: async () => ({ ready: false, checks: { database: false, accepting: true } }) });
    assert.equal((await app.request('/healthz')).status, 200);
    const ready = await app.request('/readyz');
    assert.equal(ready.status, 503);
    assert.deepEqual(await ready.json(), { ready: false, checks: { database: false, accepting: true } });
    assert.equal((await testApp().app.request('/readyz')).status, 200);
  });
});

describe('the description of the API', () => {
  it('names every route, and every refusal by a code of the table', async () => {
    const response = await testApp().app.request('/api/openapi.json');
    const api = (await response.json()) as {
      openapi: string;
      paths: Record<string, Record<string, { responses: Record<string, { description: string; content?: object }> }>>;
      components: { schemas: { Problem: { properties: { code: { enum: string[] } } } } };
    };
    assert.equal(api.openapi, '3.1.0');
    assert.deepEqual(
      Object.entries(api.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`)),
      [
        'post /api/documents',
        'get /api/documents',
        'get /api/documents/{name}',
        'delete /api/documents/{name}',
        'get /api/documents/{name}/export',
        'put /api/documents/{name}/content',
        'post /api/documents/{name}/edits',
        'post /api/documents/{name}/edits/{id}/undo',
        'get /api/documents/{name}/blocks',
        'get /api/documents/{name}/changes',
        'post /api/documents/{name}/assets',
        'get /api/documents/{name}/assets/{hash}',
        'post /api/documents/{name}/share-links',
        'get /api/documents/{name}/share-links',
        'patch /api/documents/{name}/share-links/{id}',
        'delete /api/documents/{name}/share-links/{id}',
        'post /api/share-links/redeem',
        'get /api/documents/{name}/versions',
        'post /api/documents/{name}/versions',
        'delete /api/documents/{name}/version-names/{id}',
        'get /api/documents/{name}/authors',
        'get /api/documents/{name}/versions/{version}',
        'post /api/documents/{name}/versions/{version}/restore',
        'post /api/documents/{name}/versions/{version}/undo',
        'delete /api/people/{sub}',
        'post /api/tokens',
        'post /api/revocations',
        'get /api/session',
        'get /healthz',
        'get /readyz',
        'get /api/nodes',
        'get /metrics',
      ],
    );
    assert.deepEqual(api.components.schemas.Problem.properties.code.enum, Object.keys(ERRORS));
    const put = api.paths['/api/documents/{name}/content']!.put!.responses;
    assert.match(put['412']!.description, /version-mismatch/);
    assert.deepEqual(Object.keys(put['413']!.content!), ['application/problem+json']);
  });

  it('is a page to read without script, under a policy that lets none run but its own', async () => {
    const response = await testApp().app.request('/api/docs');
    const page = await response.text();
    assert.match(page, /\/api\/documents\/\{name\}\/export/);
    assert.match(page, /unknown-format/);
    assert.doesNotMatch(page, /<style|style=|undefined|\[object/i);
    assert.equal(page.match(/<script/g)?.length, 1);
    assert.match(
      response.headers.get('content-security-policy')!,
      /^default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';/,
    );
  });
});
