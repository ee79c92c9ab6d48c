import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { memoryAccess } from './testing/memory-access.ts';
import { testApp } from './testing.ts';

/** What a browser sends with an address that somebody typed. */
const NAVIGATION = { Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };
const STYLE = 'p{color:red}';

describe('a refusal that a person meets', () => {
  let root: string;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'inkwire-test-problem-pages-'));
    await mkdir(join(root, 'assets'));
    await writeFile(join(root, 'index.html'), '<!doctype html><title>app</title>');
    const page = `<!doctype html><style>${STYLE}</style><title>{{title}}</title><p>{{detail}}</p><a href="{{href}}">{{action}}</a>`;
    await writeFile(join(root, 'problem.html'), page);
  });
  after(() => rm(root, { recursive: true, force: true }));

  const app = (options: Parameters<typeof testApp>[0] = {}) => testApp({ webRoot: root, ...options }).app;

  it('is a page with its status and a way on', async () => {
    for (const [path, status, words] of [
      ['/nope', 404, /<title>There is no page here<.*Nothing is at \/nope\..*<a href="\/">All documents</s],
      ['/nope/nothing.html', 404, /no page here/],
      ['/d/a/b', 404, /no page here/],
      ['/d/%ff', 400, /<title>This is not a document name<.*percent-encoding.*<a href="\/">/s],
      ['/d/%00', 400, /control character/],
    ] as const) {
      const response = await app().request(path, { headers: NAVIGATION });
      assert.equal(response.status, status, path);
      assert.match(response.headers.get('content-type')!, /^text\/html/, path);
      assert.equal(response.headers.get('cache-control'), 'no-store', path);
      assert.match(await response.text(), words, path);
    }
  });

  it('is a page also for a host, an origin and a number of requests that are refused', async () => {
    for (const [url, headers, edge, status] of [
      ['http://rebound.example/', {}, {}, 421],
      ['/', { Origin: 'https://evil.example' }, {}, 403],
      ['/', {}, { countRequest: () => 'too-many-requests' as const }, 429],
    ] as const) {
      const response = await app({ edge }).request(url, { headers: { ...NAVIGATION, ...headers } });
      assert.equal(response.status, status);
      assert.match(await response.text(), /<a href="">Try again</);
    }
  });

  it('may have the style sheet within its page, and no script or frame', async () => {
    const policy = (await app().request('/nope', { headers: NAVIGATION })).headers.get('content-security-policy')!.split('; ');
    const hash = createHash('sha256').update(STYLE).digest('base64');
    for (const rule of [`style-src 'self' 'sha256-${hash}'`, "script-src 'self'", "frame-ancestors 'none'"])
      assert.ok(policy.includes(rule), rule);
  });

  it('says an address as it was sent, never as markup', async () => {
    const text = await (await app().request('/<script>$&{{title}}"', { headers: NAVIGATION })).text();
    assert.doesNotMatch(text, /<script>/);
  });

  it('says the same to HEAD, without the body', async () => {
    const head = await app().request('/nope', { method: 'HEAD', headers: NAVIGATION });
    assert.equal(head.status, 404);
    assert.match(head.headers.get('content-type')!, /^text\/html/);
    assert.equal(await head.text(), '');
  });

  it('stays a problem for programs: scripts, the API, the files of a page, and all that is no read', async () => {
    for (const [path, init] of [
      ['/nope', {}],
      ['/nope', { headers: { Accept: '*/*' } }],
      ['/nope', { headers: { Accept: 'application/json' } }],
      ['/nope', { method: 'POST', headers: NAVIGATION }],
      ['/api/nope', { headers: NAVIGATION }],
      ['/api/documents/nope', { headers: NAVIGATION }],
      ['/assets/nope.js', { headers: NAVIGATION }],
      ['/nope.png', { headers: NAVIGATION }],
    ] as const) {
      const response = await app({ access: memoryAccess('open') }).request(path, init);
      assert.equal(response.headers.get('content-type'), 'application/problem+json', path);
      await response.json();
    }
  });

  it('stays a problem while the web part is not built', async () => {
    const response = await testApp().app.request('/nope', { headers: NAVIGATION });
    assert.equal(response.headers.get('content-type'), 'application/problem+json');
  });
});
