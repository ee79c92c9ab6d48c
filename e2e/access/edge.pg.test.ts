import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { after, before, describe, it, type TestContext } from 'node:test';
import * as Y from 'yjs';
import { ERRORS } from '../../protocol/errors.ts';
import { FrameType, SyncType } from '../../protocol/frames.ts';
import { newSecret, signed } from '../../server/access/testing.ts';
import { keystrokes } from '../keystrokes.ts';
import { RawSocket, signIn, syncFrame } from '../raw-socket.ts';
import { ServerProcess } from '../server-process.ts';
import { until } from '../wait.ts';
import { WriterClient } from '../writer-client.ts';
import { upgrade } from './upgrade.ts';

const SECRET = newSecret();
const APP = 'https://app.example.com';
const LIMITS = { perAddress: 5, perUser: 3, unauthenticated: 4, badTokens: 3, requests: 20, messages: 600 };

function tokenOf(sub: string): Promise<string> {
  return signed({ sub, name: sub, access: { '*': 'edit' }, exp: Math.floor(Date.now() / 1_000) + 3_600 }, SECRET);
}

/** Every test is a client of its own address, as a trusted proxy tells it; the honest one comes without, like a proxy's own. */
describe('the edge, behind a trusted proxy', () => {
  let server: ServerProcess;
  let honest: WriterClient;
  const honestCloses: number[] = [];

  before(async () => {
    server = await ServerProcess.start({
      INKWIRE_SECRET: SECRET,
      INKWIRE_ORIGINS: APP,
      INKWIRE_TRUSTED_PROXIES: '127.0.0.1',
      INKWIRE_MAX_CONNECTIONS_PER_ADDRESS: String(LIMITS.perAddress),
      INKWIRE_MAX_CONNECTIONS_PER_USER: String(LIMITS.perUser),
      INKWIRE_MAX_UNAUTHENTICATED: String(LIMITS.unauthenticated),
      INKWIRE_AUTHENTICATION_TIMEOUT_MS: '5000',
      INKWIRE_MAX_BAD_TOKENS_PER_MINUTE: String(LIMITS.badTokens),
      INKWIRE_MAX_REQUESTS_PER_MINUTE: String(LIMITS.requests),
      INKWIRE_MAX_MESSAGES_PER_MINUTE: String(LIMITS.messages),
      INKWIRE_HEADERS_TIMEOUT_MS: '1000',
    });
    honest = new WriterClient(server.collab, 'plan', undefined, await tokenOf('honest'));
    honest.socket.on('close', ({ event }: { event: { code: number } }) => honestCloses.push(event.code));
    await honest.synced();
  });
  after(async () => {
    honest.close();
    await server.dispose();
  });

  /** The honest client is still served, and was never cut off. */
  async function honestIsServed(): Promise<void> {
    honest.text.insert(0, 'a');
    await honest.allSaved();
    assert.deepEqual(honestCloses, []);
  }

  async function openFrom(t: TestContext, address: string): Promise<RawSocket> {
    const socket = await RawSocket.open(server.collab, { 'X-Forwarded-For': address });
    t.after(() => socket.close());
    return socket;
  }

  async function signedInFrom(t: TestContext, address: string, document: string, token: string): Promise<RawSocket> {
    const socket = await openFrom(t, address);
    socket.send(signIn(document, token));
    await until('the server has answered', () => socket.count(FrameType.Auth) > 0 || socket.closed !== null);
    return socket;
  }

  const granted = { status: 101, code: null };
  const foreignOrigin = { status: 403, code: 'origin-refused' };
  const foreignHost = { status: 421, code: 'host-refused' };
  const app = { 'X-Forwarded-Host': 'app.example.com', 'X-Forwarded-Proto': 'https' };

  for (const [what, headers, answer] of [
    ['no Origin', {}, granted],
    ['a listed Origin', { Origin: APP }, granted],
    ['another Origin', { Origin: 'https://evil.example' }, foreignOrigin],
    ['an Origin that starts like a listed one', { Origin: `${APP}.evil.example` }, foreignOrigin],
    ['an Origin on this machine', { Origin: 'http://localhost:5173' }, foreignOrigin],
    ['an opaque Origin', { Origin: 'null' }, foreignOrigin],
    ['the Host of a listed origin', { Host: 'app.example.com' }, granted],
    ['a Host that was pointed here', { Host: 'rebound.evil.example' }, foreignHost],
    ['a Host that the proxy was asked for and that was pointed here', { 'X-Forwarded-Host': 'rebound.evil.example' }, foreignHost],
    ['its own origin over TLS', { ...app, Origin: 'https://app.example.com' }, granted],
    ['its own origin, but without TLS', { ...app, Origin: 'http://app.example.com' }, foreignOrigin],
  ] as const) {
    it(`[A3] answers an upgrade with ${what}: ${answer.status}`, async () => {
      assert.deepEqual(await upgrade(server.url, { 'X-Forwarded-For': '198.51.100.1', ...headers }), answer);
    });
  }

  it('bounds the sockets of an address, whatever it says of itself, and no other address notices', async (t) => {
    const token = await tokenOf('many');
    const address = '203.0.113.1';
    for (let socket = 0; socket < LIMITS.perUser; socket++) await signedInFrom(t, address, 'plan', token);
    const other = await tokenOf('more');
    for (let socket = LIMITS.perUser; socket < LIMITS.perAddress; socket++) await signedInFrom(t, address, 'plan', other);
    const refusal = { status: 429, code: 'too-many-connections' };
    assert.deepEqual(await upgrade(server.url, { 'X-Forwarded-For': address }), refusal);
    assert.deepEqual(
      await upgrade(server.url, { 'X-Forwarded-For': `198.51.100.7, ${address}` }),
      refusal,
      'the left part is its own word',
    );
    assert.deepEqual(await upgrade(server.url, { 'X-Forwarded-For': '203.0.113.2' }), granted);
    await honestIsServed();
  });

  it('bounds the sockets of a user, wherever they come from', async (t) => {
    const token = await tokenOf('everywhere');
    for (let socket = 0; socket < LIMITS.perUser; socket++) await signedInFrom(t, `203.0.113.${10 + socket}`, 'plan', token);
    const oneTooMany = await signedInFrom(t, '203.0.113.19', 'plan', token);
    assert.equal(await oneTooMany.closeCode(), ERRORS['too-many-connections'].close);
    await honestIsServed();
  });

  it('bounds the sockets that do not sign in, and closes them in time', async (t) => {
    const address = '203.0.113.20';
    const idle: RawSocket[] = [];
    for (let socket = 0; socket < LIMITS.unauthenticated; socket++) idle.push(await openFrom(t, address));
    assert.deepEqual(await upgrade(server.url, { 'X-Forwarded-For': address }), { status: 429, code: 'too-many-connections' });
    for (const socket of idle) assert.equal(await socket.closeCode(), ERRORS['sign-in-required'].close);
    for (const socket of idle) assert.deepEqual(socket.received, []);
    await until('there is room again', async () => (await upgrade(server.url, { 'X-Forwarded-For': address })).status === 101);
    await honestIsServed();
  });

  it('[L3] takes a long message from who has signed in, and cuts off who has not', async (t) => {
    const document = new Y.Doc();
    document.getText('default').insert(0, 'x'.repeat(8 * 1024 * 1024));
    const long = syncFrame('long', SyncType.Update, Y.encodeStateAsUpdate(document));
    const stranger = await openFrom(t, '203.0.113.25');
    stranger.send(long);
    assert.equal(await stranger.closeCode(), ERRORS['body-too-large'].close);
    const writer = await signedInFrom(t, '203.0.113.25', 'long', await tokenOf('writer'));
    writer.send(long);
    await until('it is saved', () => writer.count(FrameType.SyncStatus) > 0);
    await honestIsServed();
  });

  it('bounds tries with bad tokens, and lets good ones of the same address pass', async (t) => {
    const address = '203.0.113.30';
    const forged = await signed({ sub: 'eve', name: 'Eve', access: { '*': 'admin' }, exp: 4_000_000_000 }, newSecret());
    for (let attempt = 0; attempt < LIMITS.badTokens; attempt++) {
      const socket = await signedInFrom(t, address, 'plan', forged);
      assert.notEqual(socket.closed?.code, ERRORS['too-many-requests'].close);
      socket.close();
    }
    await until('the sockets are gone', async () => (await upgrade(server.url, { 'X-Forwarded-For': address })).status === 101);
    const socket = await signedInFrom(t, address, 'plan', forged);
    assert.equal(await socket.closeCode(), ERRORS['too-many-requests'].close);
    const good = await signedInFrom(t, address, 'plan', await tokenOf('colleague'));
    good.send(syncFrame('plan', SyncType.Step1, new Uint8Array([0])));
    await until('it is served', () => good.count(FrameType.Sync) > 0);
    await honestIsServed();
  });

  it('bounds HTTP requests of an address', async () => {
    const get = (address: string) => fetch(`${server.url}/healthz`, { headers: { 'X-Forwarded-For': address } });
    for (let request = 0; request < LIMITS.requests; request++) assert.equal((await get('203.0.113.40')).status, 200);
    const refused = await get('203.0.113.40');
    assert.equal(refused.status, 429);
    assert.equal(((await refused.json()) as { code: string }).code, 'too-many-requests');
    assert.equal((await get('203.0.113.41')).status, 200);
    await until('it is in the log', () => server.output.includes('"code":"too-many-requests","address":"203.0.113.40"'));
  });

  it('does not wait for ever for the headers of a request', async (t) => {
    const { hostname, port } = new URL(server.url);
    const lorises: Socket[] = [];
    const answers = Array.from({ length: 50 }, async () => {
      const loris = connect(Number(port), hostname);
      lorises.push(loris);
      let answer = '';
      loris.on('data', (chunk) => {
        answer += chunk;
      });
      loris.write(`GET /collab HTTP/1.1\r\nHost: ${hostname}\r\nX-Slow:`);
      await once(loris, 'close');
      return answer;
    });
    t.after(() => lorises.map((loris) => loris.destroy()));
    await honestIsServed();
    for (const answer of await Promise.all(answers)) assert.match(answer, /^HTTP\/1\.1 408 /);
    await honestIsServed();
  });

  it('[L2] slows who keeps sending too much, then closes it, and others are served meanwhile', async (t) => {
    const flooder = await signedInFrom(t, '203.0.113.50', 'flooded', await tokenOf('flooder'));
    const updates = keystrokes(10 * LIMITS.messages);
    for (const update of updates) flooder.send(syncFrame('flooded', SyncType.Update, update));
    await until('it has had what it may', () => flooder.count(FrameType.SyncStatus) >= LIMITS.messages - 1);
    await honestIsServed();
    assert.equal(await flooder.closeCode(), ERRORS['too-many-requests'].close);
    assert.ok(flooder.count(FrameType.SyncStatus) < 3 * LIMITS.messages, `${flooder.count(FrameType.SyncStatus)} edits were taken`);
    await honestIsServed();
  });

  it('[A5] has written each refusal in its log, a line for each address, and no token', () => {
    const lines = server.output.split('\n').filter((line) => line.includes('"msg":"refused"'));
    const codes = ['origin-refused', 'host-refused', 'too-many-connections', 'sign-in-required', 'token-invalid', 'too-many-requests'];
    for (const code of codes) {
      assert.ok(
        lines.some((line) => line.includes(`"code":"${code}"`)),
        code,
      );
    }
    const idle = lines.filter((line) => line.includes('"code":"sign-in-required","address":"203.0.113.20"'));
    assert.equal(idle.length, 1);
    assert.doesNotMatch(server.output, /in-the-query|eyJ/);
  });
});
