import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { runCli } from '../../server/cli.ts';
import { memoryIo } from '../../server/commands/testing.ts';
import { ServerProcess } from '../server-process.ts';
import { until } from '../wait.ts';

const SECRET = randomBytes(32).toString('base64url');
const ORIGIN = 'https://app.example';

/** A token as an operator makes it. */
async function mint(sub: string, access: string): Promise<string> {
  const io = memoryIo();
  const code = await runCli(['token', '--sub', sub, '--access', access, '--expires', '10m'], { INKWIRE_SECRET: SECRET }, io);
  assert.equal(code, 0, io.told());
  return io.output().trim();
}

describe('the HTTP API of a server that asks for tokens', () => {
  let server: ServerProcess;
  let admin: string;
  before(async () => {
    server = await ServerProcess.start({
      ...{ INKWIRE_SECRET: SECRET, INKWIRE_ORIGINS: ORIGIN, INKWIRE_TRUSTED_PROXIES: '127.0.0.1' },
      LOG_LEVEL: 'trace',
    });
    admin = await mint('ada', '*=admin');
  });
  after(() => server.dispose());

  function ask(method: string, path: string, token: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${server.url}${path}`, {
      method,
      headers: {
        ...(token === '' ? {} : { Authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }
  const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;
  const create = (name: string, markdown = '') => ask('POST', '/api/documents', admin, { name, markdown });
  const links = (name: string) => `/api/documents/${encodeURIComponent(name)}/share-links`;

  interface Link {
    readonly id: string;
    readonly url: string;
  }
  async function share(name: string, role: string): Promise<Link & { secret: string }> {
    const response = await ask('POST', links(name), admin, { role });
    assert.equal(response.status, 201);
    const link = (await response.json()) as Link;
    return { ...link, secret: link.url.split('#share=')[1]! };
  }
  async function redeem(secret: string, visitor: object = {}): Promise<{ token: string; role: string }> {
    const response = await ask('POST', '/api/share-links/redeem', '', { secret, ...visitor });
    assert.equal(response.status, 200, await response.clone().text());
    return (await response.json()) as { token: string; role: string };
  }

  it('[A1] shows nobody without a token that there are documents', async () => {
    await create('marked', 'the-marked-text');
    for (const path of [
      '/api/documents',
      '/api/documents/marked',
      '/api/documents/marked/export',
      '/d/marked',
      '/embed/marked',
      '/api/docs',
    ]) {
      const response = await ask('GET', path, '');
      assert.ok(!(await response.text()).includes('the-marked-text'));
      assert.equal(response.status === 401, path.startsWith('/api/documents'), path);
    }
  });

  it('puts the sub of a token into the log, and the role into the answer', async () => {
    const grace = await mint('grace', 'team/*=edit');
    const response = await ask('POST', '/api/documents', grace, { name: 'team/authored', markdown: 'x' });
    const { updatedBy, role } = (await response.json()) as Record<string, string>;
    assert.deepEqual([response.status, updatedBy, role], [201, 'grace', 'edit']);
    const listed = (await (await ask('GET', '/api/documents', grace)).json()) as { documents: { name: string }[] };
    assert.deepEqual(
      listed.documents.map(({ name }) => name),
      ['team/authored'],
    );
    assert.equal(await codeOf(await ask('DELETE', '/api/documents/team%2Fauthored', grace)), 'forbidden');
  });

  it('makes tokens and takes them back; one that is issued later is good', async () => {
    await create('kept');
    const make = async () =>
      (await (await ask('POST', '/api/tokens', admin, { sub: 'eve', name: 'Eve', access: { kept: 'edit' } })).json()) as {
        token: string;
        tokenId: string;
      };
    const [one, other] = [await make(), await make()];
    const read = async (token: string) => (await ask('GET', '/api/documents/kept', token)).status;
    assert.deepEqual([await read(one.token), await read(other.token)], [200, 200]);
    assert.equal((await ask('POST', '/api/revocations', admin, { tokenId: one.tokenId })).status, 204);
    assert.deepEqual([await read(one.token), await read(other.token)], [401, 200]);
    assert.equal((await ask('POST', '/api/revocations', admin, { sub: 'eve' })).status, 204);
    assert.equal(await codeOf(await ask('GET', '/api/documents/kept', other.token)), 'token-revoked');
    assert.equal(await read((await make()).token), 200);
  });

  it('lets a visitor in by a share link, with the role it has at that moment', async () => {
    await create('team/shared', 'hello');
    const { id, secret } = await share('team/shared', 'edit');
    const first = await redeem(secret, { name: 'Visitor' });
    const put = (token: string) =>
      ask('PUT', '/api/documents/team%2Fshared/content', token, { type: 'doc', content: [{ type: 'paragraph' }] });
    assert.equal((await put(first.token)).status, 200);
    assert.equal((await ask('PATCH', `${links('team/shared')}/${id}`, admin, { role: 'view' })).status, 200);
    assert.equal(await codeOf(await put(first.token)), 'token-revoked');
    const second = await redeem(secret, { previousToken: first.token });
    assert.equal(await codeOf(await put(second.token)), 'forbidden');
    const sub = async (token: string) => ((await (await ask('GET', '/api/session', token)).json()) as { sub: string }).sub;
    const { updatedBy } = (await (await ask('GET', '/api/documents/team%2Fshared', second.token)).json()) as { updatedBy: string };
    assert.equal(await sub(second.token), updatedBy, 'the visitor is who they were');
    assert.equal((await ask('DELETE', `${links('team/shared')}/${id}`, admin)).status, 204);
    assert.equal(await codeOf(await ask('GET', '/api/documents/team%2Fshared', second.token)), 'token-revoked');
    assert.equal(await codeOf(await ask('POST', '/api/share-links/redeem', '', { secret })), 'share-link-gone');
  });

  it('[A1] ends the share links of a document that is deleted: another under its name is another', async () => {
    await create('reused', 'before');
    const { secret } = await share('reused', 'view');
    const { token } = await redeem(secret);
    assert.equal((await ask('DELETE', '/api/documents/reused', admin)).status, 204);
    await create('reused', 'after');
    assert.equal(await codeOf(await ask('POST', '/api/share-links/redeem', '', { secret })), 'share-link-gone');
    // The trigger's revocation reaches this process as it reaches any: by the next look at the table.
    await until('the visitor is out', async () => (await ask('GET', '/api/documents/reused', token)).status === 401);
    assert.deepEqual(await (await ask('GET', links('reused'), admin)).json(), { shareLinks: [] });
  });

  it('answers scripts of the allowed origin, without credentials, and lets it frame /embed alone', async () => {
    const preflight = { Origin: ORIGIN, 'Access-Control-Request-Method': 'PATCH', 'Access-Control-Request-Headers': 'authorization' };
    const allowed = await ask('OPTIONS', '/api/documents', '', undefined, preflight);
    assert.equal(allowed.headers.get('access-control-allow-origin'), ORIGIN);
    assert.match(allowed.headers.get('access-control-allow-headers')!, /Authorization/);
    assert.equal(allowed.headers.get('access-control-allow-credentials'), null);
    assert.equal((await ask('GET', '/api/documents', admin, undefined, { Origin: 'https://evil.example' })).status, 403);
    const policyOf = async (path: string) => (await ask('GET', path, '')).headers.get('content-security-policy')!;
    assert.match(await policyOf('/embed/marked'), new RegExp(`frame-ancestors 'self' ${ORIGIN}`));
    assert.match(await policyOf('/d/marked'), /frame-ancestors 'none'/);
  });

  it('asks for TLS from then on when a trusted proxy says that it came so', async () => {
    const header = 'strict-transport-security';
    assert.equal((await ask('GET', '/healthz', '')).headers.get(header), null);
    assert.match((await ask('GET', '/healthz', '', undefined, { 'X-Forwarded-Proto': 'https' })).headers.get(header)!, /^max-age=/);
  });

  it('refuses made-up tokens of an address once they are too many, and lets a good one of the same address in', async () => {
    const from = { 'X-Forwarded-For': '203.0.113.7' };
    const codes = new Set<string>();
    await until('tries are too many', async () => {
      codes.add(await codeOf(await ask('GET', '/api/session', 'guessed', undefined, from)));
      return codes.has('too-many-requests');
    });
    assert.deepEqual([...codes], ['token-invalid', 'too-many-requests']);
    assert.equal((await ask('GET', '/api/session', admin, undefined, from)).status, 200);
  });

  it('[A5] writes no token and no secret of a link into its log', async () => {
    const { secret } = await share('marked', 'view');
    const { token } = await redeem(secret);
    await ask('GET', '/api/documents/marked', `${token}x`);
    await server.terminate();
    for (const word of [SECRET, admin, token, secret]) assert.ok(!server.output.includes(word));
  });
});
