import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { testApp } from './testing.ts';

describe('pages', () => {
  let root: string;
  let app: ReturnType<typeof testApp>['app'];

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'inkwire-test-pages-'));
    await mkdir(join(root, 'web', 'assets'), { recursive: true });
    await writeFile(join(root, 'secret.txt'), 'secret');
    await writeFile(join(root, 'web', 'index.html'), '<!doctype html><title>app</title>');
    await writeFile(join(root, 'web', 'inkwire.js'), `export {};${'// element\n'.repeat(300)}`);
    await writeFile(join(root, 'web', 'favicon.svg'), '<svg/>');
    await writeFile(join(root, 'web', '.hidden.svg'), 'hidden');
    await writeFile(join(root, 'web', 'assets', 'app-1a2b.js'), 'app');
    await writeFile(join(root, 'web', 'assets', 'inter-1a2b.woff2'), 'font');
    app = testApp({ webRoot: join(root, 'web') }).app;
  });
  after(() => rm(root, { recursive: true, force: true }));

  for (const path of ['/', '/d/plan', '/d/team%2Fplan', '/d/100%25']) {
    it(`${path} is the app, asked for anew each time, under a strict policy`, async () => {
      const response = await app.request(path);
      assert.equal(response.status, 200);
      assert.match(await response.text(), /<title>app/);
      assert.match(response.headers.get('content-type')!, /^text\/html/);
      assert.equal(response.headers.get('cache-control'), 'no-cache');
      const policy = response.headers.get('content-security-policy')!;
      for (const rule of ["default-src 'self'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "object-src 'none'"]) {
        assert.ok(policy.split('; ').includes(rule), rule);
      }
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
      assert.equal(response.headers.get('referrer-policy'), 'no-referrer');
      assert.equal(response.headers.get('cross-origin-opener-policy'), 'same-origin');
      const again = await app.request(path, { headers: { 'If-None-Match': response.headers.get('etag')! } });
      assert.equal(again.status, 304);
      // A browser takes the headers of a 304 over those it kept.
      assert.equal(again.headers.get('content-security-policy'), null);
    });
  }

  it('/embed may be framed by pages of this server and of the allowed origins, no other page by any', async () => {
    const embedded = await app.request('/embed/team%2Fplan');
    assert.match(await embedded.text(), /<title>app/);
    const policy = embedded.headers.get('content-security-policy')!.split('; ');
    assert.ok(policy.includes("frame-ancestors 'self' https://app.example"));
    for (const rule of ["script-src 'self'", "style-src 'self'"]) assert.ok(policy.includes(rule));
    assert.equal(embedded.headers.get('x-frame-options'), null);
    assert.equal(embedded.headers.get('cross-origin-resource-policy'), 'cross-origin');
    for (const path of ['/', '/d/plan', '/api/docs', '/api/openapi.json', '/healthz', '/nowhere']) {
      const { headers } = await app.request(path);
      assert.match(headers.get('content-security-policy')!, /frame-ancestors 'none'/);
      assert.equal(headers.get('x-frame-options'), 'DENY', path);
      assert.match(headers.get('permissions-policy')!, /camera=\(\)/);
    }
  });

  it('by TLS ask for TLS from then on; without it do not', async () => {
    const header = 'strict-transport-security';
    assert.equal((await app.request('/')).headers.get(header), null);
    const secure = testApp({
      webRoot: join(root, 'web'),
      edge: { admit: () => ({ peer: { address: '', host: '', secure: true }, refusal: null }) },
    }).app;
    for (const path of ['/', '/api/documents', '/nowhere']) {
      assert.match((await secure.request(path)).headers.get(header)!, /^max-age=\d{8}$/);
    }
  });

  it('the element may be loaded by any page, and is compressed', async () => {
    const response = await app.request('/inkwire.js', { headers: { Origin: 'https://other.example', 'Accept-Encoding': 'gzip' } });
    assert.equal(response.status, 200);
    assert.match(response.headers.get('content-type')!, /javascript/);
    assert.equal(response.headers.get('access-control-allow-origin'), '*');
    assert.equal(response.headers.get('cross-origin-resource-policy'), 'cross-origin');
    assert.equal(response.headers.get('content-encoding'), 'gzip');
    assert.match(response.headers.get('cache-control')!, /max-age=300\b/);
  });

  it('assets are kept for good', async () => {
    for (const path of ['/assets/app-1a2b.js', '/assets/inter-1a2b.woff2']) {
      const response = await app.request(path);
      assert.equal(response.status, 200);
      assert.match(response.headers.get('cache-control')!, /immutable/);
    }
  });

  it('HEAD says the same as GET, without the body', async () => {
    for (const path of ['/', '/favicon.svg', '/assets/app-1a2b.js']) {
      const [head, get] = await Promise.all([app.request(path, { method: 'HEAD' }), app.request(path)]);
      assert.deepEqual([...head.headers], [...get.headers]);
      assert.equal(await head.text(), '');
    }
  });

  const outside = [
    '/assets/../../secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/%2e%2e/%2e%2e/secret.txt',
    '/assets/..\\..\\secret.txt',
    '/assets//secret.txt',
    '/assets/%00',
    '/assets/',
    '/assets/none.js',
    `/assets/${'x'.repeat(5000)}`,
    '/secret.txt',
    '/..%2fsecret.txt',
    '/.hidden.svg',
    '/%2ehidden.svg',
    '/assets',
  ];
  for (const path of outside) {
    it(`nothing is at ${path.slice(0, 40)}`, async () => {
      const response = await app.request(path);
      assert.equal(response.status, 404);
      assert.equal(response.headers.get('content-type'), 'application/problem+json');
      assert.doesNotMatch(await response.text(), /"secret"/);
    });
  }

  it('say how to build them when they are not built', async () => {
    const response = await testApp({ webRoot: join(root, 'nowhere') }).app.request('/d/plan');
    assert.equal(response.status, 503);
    assert.match(await response.text(), /npm start/);
  });
});
