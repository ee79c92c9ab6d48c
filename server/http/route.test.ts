import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { writeInitialContent } from '../../document/live.ts';
import { writeTitle } from '../../document/title.ts';
import type { AccessPatterns } from '../../protocol/identity.ts';
import { ACTIONS } from '../../protocol/permissions.ts';
import { includesRole, ROLES, type Role } from '../../protocol/role.ts';
import type { Assets } from '../ports/assets.ts';
import type { Documents } from '../ports/documents.ts';
import { allowed } from './caller.ts';
import type { Permission } from './route.ts';
import { memoryAccess } from './testing/memory-access.ts';
import { memoryAssets } from './testing/memory-assets.ts';
import { memoryDocuments, testApp } from './testing.ts';

/** What every route asks, said once more: a change of it is meant. */
const EXPECTED: Readonly<Record<string, Permission>> = {
  'GET /': 'public',
  'GET /d/:name': 'public',
  'GET /embed/:name': 'public',
  'GET /inkwire.js': 'public',
  'GET /assets/*': 'public',
  'GET /old-browser.js': 'public',
  'GET /api-docs.js': 'public',
  'GET /:file{[^/]+\\.(?:svg|png|ico|webmanifest|txt)}': 'public',
  'GET /api/nodes': 'server.nodes',
  'GET /metrics': 'server.nodes',
  'GET /api/openapi.json': 'public',
  'GET /api/docs': 'public',
  'GET /api/docs.css': 'public',
  'GET /healthz': 'public',
  'GET /readyz': 'public',

  // Its answer holds what the caller may read, and nothing else.
  'GET /api/documents': 'signed-in',
  'POST /api/documents': 'document.create',
  'GET /api/documents/:name': 'document.read',
  'DELETE /api/documents/:name': 'document.delete',
  'GET /api/documents/:name/export': 'document.export',
  'PUT /api/documents/:name/content': 'document.import',

  'GET /api/documents/:name/versions': 'document.read',
  'POST /api/documents/:name/versions': 'document.edit',
  'DELETE /api/documents/:name/version-names/:id': 'document.edit',
  'GET /api/documents/:name/versions/:version': 'document.export',
  'POST /api/documents/:name/versions/:version/restore': 'document.edit',
  'POST /api/documents/:name/versions/:version/undo': 'document.edit',
  'GET /api/documents/:name/authors': 'document.read',
  'DELETE /api/people/:sub': 'server.tokens',
  'POST /api/documents/:name/edits': 'document.edit',
  'POST /api/documents/:name/edits/:id/undo': 'document.edit',
  'GET /api/documents/:name/blocks': 'document.read',
  'GET /api/documents/:name/changes': 'document.read',

  'POST /api/documents/:name/assets': 'document.edit',
  'GET /api/documents/:name/assets/:hash': 'document.read',

  'GET /api/documents/:name/share-links': 'document.share',
  'POST /api/documents/:name/share-links': 'document.share',
  'PATCH /api/documents/:name/share-links/:id': 'document.share',
  'DELETE /api/documents/:name/share-links/:id': 'document.share',
  // The secret of the link is what is asked for.
  'POST /api/share-links/redeem': 'public',

  'GET /api/session': 'signed-in',
  'POST /api/tokens': 'server.tokens',
  'POST /api/revocations': 'server.tokens',
};

const DOCUMENT = 'team/plan';

/** What only somebody with a role may read: the document's text, its title, and who is in it. */
const [TEXT, TITLE, PERSON] = ['the-text-of-the-document', 'the-title-of-the-document', 'somebody-in-the-document'];
const PICTURE = 'the-picture-of-the-document';
const MARKERS = [TEXT, TITLE, PERSON, PICTURE];

const json = (body: unknown): RequestInit => ({ headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

function formOf(text: string): FormData {
  const form = new FormData();
  form.set('file', new File([text], 'picture.png'));
  return form;
}

/** What each route that takes more than its path is sent. */
const SENT: Readonly<Record<string, { query?: string; init?: RequestInit }>> = {
  'POST /api/documents': { init: json({ name: DOCUMENT, markdown: 'x' }) },
  'PUT /api/documents/:name/content': { init: { headers: { 'Content-Type': 'text/markdown' }, body: 'changed' } },
  'GET /api/documents/:name/export': { query: '?format=text' },
  'POST /api/documents/:name/edits': { init: json({ operations: [{ op: 'setTitle', title: 'x' }] }) },
  'POST /api/documents/:name/versions': { init: json({ name: 'x' }) },
  'POST /api/documents/:name/assets': { init: { body: formOf('picture') } },
  'POST /api/documents/:name/share-links': { init: json({ role: 'view' }) },
  'PATCH /api/documents/:name/share-links/:id': { init: json({ role: 'edit' }) },
  'POST /api/share-links/redeem': { init: json({ secret: 'guessed' }) },
  'POST /api/tokens': { init: json({ sub: 'eve', name: 'Eve', access: {} }) },
  'POST /api/revocations': { init: json({ sub: 'eve' }) },
};

/** A server with one document that is shared once, and what the HTTP part asked of its documents. */
async function scene() {
  const access = memoryAccess();
  const documents = memoryDocuments();
  await documents.create(DOCUMENT, 'ann', (document) => {
    writeInitialContent(document, { type: 'doc', content: [{ type: 'paragraph', content: [{ type: 'text', text: TEXT }] }] });
    writeTitle(document, TITLE);
  });
  const { link } = await access.shareLinks.create({ documentName: DOCUMENT, role: 'view', expiresAt: null, createdBy: 'ann' });
  const calls: string[] = [];
  const watched = new Proxy(documents, {
    get(target, key: keyof Documents) {
      if (key === 'present') return () => [{ name: PERSON, color: '#aa3322' }];
      calls.push(key);
      return target[key];
    },
  });
  const assets = memoryAssets();
  const { hash } = await assets.store(assetOf(PICTURE));
  const watchedAssets = new Proxy(assets, {
    get(target, key: keyof Assets) {
      if (key !== 'maxBytes') calls.push(key);
      return target[key];
    },
  });
  return { ...testApp({ access, documents: watched, assets: watchedAssets }), access, calls, linkId: link.id, hash };
}

/** A file of the document, with this in it. */
function assetOf(text: string) {
  const bytes = (async function* () {
    yield Buffer.from(text);
  })();
  const open = async () => ({ fileName: 'picture.png', bytes });
  return { documentName: DOCUMENT, open, author: 'ann', user: 'ann', stillAllowed: () => {} };
}

type Scene = Awaited<ReturnType<typeof scene>>;

/** An answer with all that was sent, headers included. */
interface Answer {
  readonly status: number;
  readonly text: string;
}

async function ask({ app, linkId, hash }: Pick<Scene, 'app' | 'linkId' | 'hash'>, key: string, token: string | null): Promise<Answer> {
  const [method = '', path = ''] = key.split(' ');
  const { query = '', init = {} } = SENT[key] ?? {};
  const address = path.replace(':name', encodeURIComponent(DOCUMENT)).replace(':id', linkId).replace(':hash', hash).replace('*', 'app.js');
  const headers = new Headers(init.headers);
  if (token !== null) headers.set('Authorization', `Bearer ${token}`);
  const response = await app.request(address.replace(/:file.*$/, 'favicon.svg') + query, { ...init, method, headers });
  return { status: response.status, text: `${JSON.stringify([...response.headers])} ${await textOf(response)}` };
}

/** The text of an answer; of one that goes on the first of it. */
async function textOf(response: Response): Promise<string> {
  if (response.headers.get('content-type') !== 'text/event-stream') return response.text();
  const reader = response.body!.getReader();
  const { value } = await reader.read();
  await reader.cancel();
  return new TextDecoder().decode(value);
}

function assertNothingTold({ text }: Answer, who: string): void {
  for (const marker of MARKERS) assert.ok(!text.includes(marker!), `${who} is told "${marker}"`);
}

/** The routes as they are registered, rather than as the table has them. */
function registered(app: Scene['app']): string[] {
  const answering = app.routes.filter(({ method }) => method !== 'ALL');
  return [...new Set(answering.map(({ method, path }) => `${method} ${path}`))];
}

/** Somebody with each role here, on all documents, and on another; and somebody with none anywhere. */
const CALLERS: readonly (readonly [who: string, access: AccessPatterns, here: Role | null, everywhere: Role | null])[] = [
  ['somebody without a role', {}, null, null],
  ...ROLES.map((role) => [`${role} on the document`, { [DOCUMENT]: role }, role, null] as const),
  ...ROLES.map((role) => [`${role} on its folder`, { 'team/*': role }, role, null] as const),
  ...ROLES.map((role) => [`${role} on all documents`, { '*': role }, role, role] as const),
  ...ROLES.map((role) => [`${role} on another document`, { 'team/planned': role, 'other/*': role }, null, null] as const),
  ['admin on all documents but view on this', { '*': 'admin', [DOCUMENT]: 'view' }, 'view', 'admin'],
];

describe('the rules of routes', () => {
  it('[A1] holds every route that is registered, and asks what is expected of it', async () => {
    const { app, rules } = await scene();
    assert.deepEqual(registered(app).toSorted(), [...rules.keys()].toSorted());
    assert.deepEqual(Object.fromEntries([...rules].map(([key, { permission }]) => [key, permission])), EXPECTED);
  });

  for (const [key, permission] of Object.entries(EXPECTED)) {
    const isAction = permission !== 'public' && permission !== 'signed-in';
    const least = isAction ? ACTIONS[permission] : null;

    it(`[A1] decides who may ${key}: ${permission}`, async () => {
      for (const [who, patterns, here, everywhere] of CALLERS) {
        const current = await scene();
        const role = isAction && permission.startsWith('server.') ? everywhere : here;
        const answer = await ask(current, key, current.access.tokenFor(who, patterns));
        if (least === null || includesRole(role, least)) {
          assert.ok(![401, 403, 500].includes(answer.status), `${who}: ${answer.text}`);
        } else {
          assert.equal(answer.status, 403, who);
          assert.deepEqual(current.calls, [], `${who} is refused before a document is looked at`);
        }
        if (here === null) assertNothingTold(answer, who);
      }
    });

    it(`[A1] ${permission === 'public' ? 'tells nothing of a document to whoever may' : 'asks for a good token to'} ${key}`, async () => {
      for (const token of [null, 'expired', 'guessed']) {
        const current = await scene();
        const answer = await ask(current, key, token);
        if (permission === 'public') assert.ok(![401, 403, 500].includes(answer.status), answer.text);
        else assert.equal(answer.status, 401, answer.text);
        assert.deepEqual(current.calls, []);
        assertNothingTold(answer, `the token ${token}`);
      }
    });
  }

  it('[A1] is tried with a document that has something to tell', async () => {
    const current = await scene();
    const token = current.access.tokenFor('viewer', { [DOCUMENT]: 'view' });
    assert.match((await ask(current, 'GET /api/documents/:name/export', token)).text, new RegExp(TEXT!));
    assert.match((await ask(current, 'GET /api/documents/:name/assets/:hash', token)).text, new RegExp(PICTURE));
    for (const key of ['GET /api/documents/:name', 'GET /api/documents']) {
      const { text } = await ask(current, key, token);
      assert.match(text, new RegExp(TITLE!));
      assert.match(text, new RegExp(PERSON!));
    }
  });

  it('refuses a route that has no rule to everybody, and never reaches a handler of every method', async () => {
    const { app, access } = await scene();
    const reached: string[] = [];
    app.get('/api/forgotten', (c) => c.text(String(reached.push('get'))));
    app.all('/api/catch-all', (c) => c.text(String(reached.push('all'))));
    const headers = { Authorization: `Bearer ${access.tokenFor('root', { '*': 'admin' })}` };
    assert.equal((await app.request('/api/forgotten', { headers })).status, 403);
    assert.equal((await app.request('/api/catch-all', { headers })).status, 404);
    assert.deepEqual(reached, []);
  });

  it('lets everybody do everything on an open server, with and without a token', async () => {
    for (const key of Object.keys(EXPECTED)) {
      const { linkId, hash } = await scene();
      const open = { ...testApp({ access: memoryAccess('open') }), linkId, hash };
      for (const token of [null, 'guest:Ada', 'guessed']) {
        assert.ok(![401, 403].includes((await ask(open, key, token)).status), `${key} with the token ${token}`);
      }
    }
  });
});

describe('an action of which the document is not known yet', () => {
  it('is allowed to whoever may do it to any', () => {
    assert.equal(allowed({ access: { 'a/*': 'view', b: 'edit' } }, 'document.create', null), true);
    assert.equal(allowed({ access: { 'a/*': 'view', b: 'suggest' } }, 'document.create', null), false);
    assert.equal(allowed({ access: {} }, 'document.read', null), false);
  });

  it('on the server takes the role on everything', () => {
    assert.equal(allowed({ access: { 'a/*': 'admin', a: 'admin' } }, 'server.tokens', null), false);
    assert.equal(allowed({ access: { '*': 'admin' } }, 'server.tokens', null), true);
  });
});
