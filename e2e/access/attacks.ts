import * as encoding from 'lib0/encoding';
import { FrameType, SyncType } from '../../protocol/frames.ts';
import { forged, newSecret, signed } from '../../server/access/testing.ts';
import { presenceOf } from '../conformance/frame-client.ts';
import { frame, signIn, syncFrame } from '../raw-socket.ts';
import { until } from '../wait.ts';
import { type Attacker, answered, closed, type Ending, GRAFFITI, told, written } from './attacker.ts';
import { PLAN } from './target.ts';

/** What somebody tries, how it must end, and how it is done. */
export type Attack = readonly [what: string, ends: Ending, how: (eve: Attacker) => Promise<Ending>];

const all = { '*': 'edit' } as const;
const claims = { sub: 'eve', name: 'Eve', access: all, exp: 4_000_000_000 };
const update = (words = GRAFFITI, clientId?: number) => syncFrame(PLAN, SyncType.Update, written(words, clientId));
const presence = (clientId: number, state: Record<string, unknown> | null, clock = 1_000_000) =>
  frame(PLAN, FrameType.Awareness, (encoder) => encoding.writeVarUint8Array(encoder, presenceOf(clientId, clock, state)));
const text = (type: number) => frame(PLAN, type, (encoder) => encoding.writeVarString(encoder, GRAFFITI));
const names = (count: number) => Array.from({ length: count }, (_, n) => `stuffing/${n}`);

/** Tokens that are none, or not for this: on a socket, which is told so and gets nothing of the document. */
const BY_TOKEN: readonly Attack[] = [
  ['no token', told('sign-in-required'), (eve) => eve.signsIn('')],
  ['noise for a token', told('token-invalid'), (eve) => eve.signsIn('noise')],
  ['an expired token', told('token-expired'), async (eve) => eve.signsIn(await eve.token(all, { iat: 1_000, exp: 2_000 }))],
  ['a token that never expires', told('token-invalid'), async (eve) => eve.signsIn(await eve.token(all, { exp: undefined }))],
  ['a token for later', told('token-invalid'), async (eve) => eve.signsIn(await eve.token(all, { nbf: Date.now() / 1000 + 300 }))],
  ['another key', told('token-invalid'), async (eve) => eve.signsIn(await signed(claims, newSecret()))],
  ['alg: none', told('token-invalid'), (eve) => eve.signsIn(forged({ alg: 'none' }, claims))],
  ['alg: NoNe', told('token-invalid'), (eve) => eve.signsIn(forged({ alg: 'NoNe' }, claims))],
  ['the public key as a secret', told('token-invalid'), async (eve) => eve.signsIn(await signed(claims, eve.ground.publicKey))],
  ['RS256 over a signature with the secret', told('token-invalid'), async (eve) => eve.signsIn(relabelled(await eve.token(all), 'RS256'))],
  [
    'a key set of their own, named in the token',
    told('token-invalid'),
    (eve) => eve.signsIn(forged({ alg: 'RS256', kid: 'one', jku: eve.ground.evilKeys, x5u: eve.ground.evilKeys }, claims, 'AAAA')),
  ],
  [
    'another role under the old signature',
    told('token-invalid'),
    async (eve) => eve.signsIn(promoted(await eve.token({ [PLAN]: 'view' }))),
  ],
  [
    'a token for another audience',
    told('token-invalid'),
    async (eve) => eve.signsIn(await eve.token(all, { aud: 'the-server-next-door' })),
  ],
  [
    'a token of another issuer',
    told('token-invalid'),
    async (eve) => eve.signsIn(await eve.token(all, { iss: 'the-application-next-door' })),
  ],
  ['a revoked token', told('token-revoked'), async (eve) => eve.signsIn(await revoked(eve))],
  [
    'roles on everything but the document',
    told('forbidden'),
    async (eve) => eve.signsIn(await eve.token({ plans: 'admin', 'plan/*': 'admin', Plan: 'admin', 'plan ': 'admin', pla: 'admin' })),
  ],
  [
    'a document whose name is a pattern',
    told('forbidden'),
    async (eve) => eve.signsIn(await eve.token({ 'team/plan': 'admin' }), 'team/*'),
  ],
  ['the document of the name *', told('forbidden'), async (eve) => eve.signsIn(await eve.token({ 'team/*': 'admin' }), '*')],
  [
    'a document called like what every object has',
    told('forbidden'),
    async (eve) => eve.signsIn(await eve.token({ a: 'view' }), 'constructor'),
  ],
  ['another document behind a session', told('forbidden'), async (eve) => eve.signsIn(await eve.token({ mine: 'edit' }), `${PLAN}\0mine`)],
  ['1,000 wrong tokens', closed('too-many-requests'), (eve) => guesses(eve, 1_000)],
];

/** Messages that no provider sends, of somebody who may edit the document. */
const BY_MESSAGE: readonly Attack[] = [
  [
    'an edit after the role is lowered',
    { edits: [1, 0] },
    async (eve) => {
      const socket = await eve.inside();
      await eve.edits(socket, written('allowed'));
      await revoked(eve);
      await eve.signsIn(await eve.token({ [PLAN]: 'view' }, { iat: Date.now() / 1000 + 0.001 }), PLAN, socket);
      return eve.edits(socket, written(GRAFFITI));
    },
  ],
  [
    'staying after the token is revoked',
    closed('token-revoked'),
    async (eve) => {
      const socket = await eve.inside();
      await revoked(eve);
      return eve.untilClosed(socket);
    },
  ],
  ['an edit of a viewer', { edits: [0] }, async (eve) => eve.edits(await eve.inside({ [PLAN]: 'view' }), written(GRAFFITI))],
  // Beyond all that she may have written by then: what is known already may be sent again.
  [
    "an edit under Ada's client id",
    closed('client-id-taken'),
    (eve) => eve.isClosedFor(update(GRAFFITI.repeat(100_000), eve.ground.adasClientId)),
  ],
  [
    "a caret under Ada's client id",
    'ignored',
    (eve) => eve.isIgnored(presence(eve.ground.adasClientId, { user: { name: GRAFFITI }, cursor: GRAFFITI })),
  ],
  ["Ada's caret taken away", 'ignored', (eve) => eve.isIgnored(presence(eve.ground.adasClientId, null))],
  ["a caret in Ada's name", 'ignored', (eve) => eve.isIgnored(presence(4_711, { user: { id: 'Ada', name: GRAFFITI } }))],
  ['a caret of 800 kB', 'ignored', (eve) => eve.isIgnored(presence(4_712, { user: GRAFFITI.repeat(100_000) }))],
  ['a message to everybody', closed('malformed-frame'), (eve) => eve.isClosedFor(text(FrameType.BroadcastStateless))],
  ['a stateless message', 'ignored', (eve) => eve.isIgnored(text(FrameType.Stateless))],
  [
    "the server's own acknowledgement",
    closed('malformed-frame'),
    (eve) => eve.isClosedFor(Uint8Array.of(...frame(PLAN, FrameType.SyncStatus), 1)),
  ],
  ['a message of no known type', closed('malformed-frame'), (eve) => eve.isClosedFor(frame(PLAN, 99))],
  ['half a message', closed('malformed-frame'), (eve) => eve.isClosedFor(update().subarray(0, 3))],
  ['a stateless message that ends too early', closed('malformed-frame'), (eve) => eve.isClosedFor(frame(PLAN, FrameType.Stateless))],
  ['text in place of bytes', closed('malformed-frame'), (eve) => eve.isClosedFor(GRAFFITI)],
  ['a damaged update', closed('malformed-update'), (eve) => eve.isClosedFor(syncFrame(PLAN, SyncType.Update, Uint8Array.of(1, 255, 255)))],
  ['a name of 300 bytes', closed('bad-name'), (eve) => eve.isClosedFor(signIn('n'.repeat(300)))],
  [
    'messages for a document that it did not sign in to',
    closed('too-many-requests'),
    async (eve) => {
      const socket = await eve.inside({ mine: 'edit' }, 'mine');
      for (let sent = 0; sent <= 1_000; sent++) socket.send(update());
      return eve.untilClosed(socket);
    },
  ],
  [
    '10,000 documents on one socket',
    closed('too-many-documents'),
    async (eve) => {
      const token = await eve.token(all);
      return eve.isClosedFor(...names(10_000).map((name) => signIn(name, token)));
    },
  ],
  ['10,000 documents that it may not see', closed('too-many-documents'), (eve) => stuffs(eve, '')],
];

/** Too much of it, from one address or of one person. */
const BY_FLOOD: readonly Attack[] = [
  ['a socket that says nothing', closed('sign-in-required'), async (eve) => eve.untilClosed(await eve.socket())],
  ['messages before it signs in', closed('too-many-requests'), async (eve) => floods(eve, 1_001, update())],
  [
    '101 sockets that say nothing',
    answered('too-many-connections'),
    async (eve) => {
      await Promise.all(names(100).map(() => eve.socket()));
      return eve.upgrades();
    },
  ],
  [
    '201 sockets of one person',
    closed('too-many-connections'),
    async (eve) => {
      for (let socket = 0; socket < 200; socket++) await eve.inside({ mine: 'view' }, 'mine');
      const socket = await eve.socket();
      return eve.signsIn(await eve.token({ mine: 'view' }), 'mine', socket);
    },
  ],
  [
    'a handshake that never ends',
    { answered: 408, code: null },
    (eve) => eve.writes('GET /collab HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: web'),
  ],
  ['a request that is none', { answered: 400, code: null }, (eve) => eve.writes('\x16\x03\x01\x02\0\x01\0\r\n\r\n')],
  [
    'more than 600 requests in a minute',
    answered('too-many-requests'),
    async (eve) => {
      // Until one is refused: ten a second come free, and a slow machine answers little more.
      for (let batch = 0; batch < 60; batch++) {
        const endings = await Promise.all(Array.from({ length: 50 }, () => eve.asks('GET', '/healthz')));
        const refused = endings.find((ending) => typeof ending === 'object' && 'answered' in ending && ending.answered === 429);
        if (refused !== undefined) return refused;
      }
      return eve.asks('GET', '/healthz');
    },
  ],
  [
    '100 guesses at a share link',
    answered('too-many-requests'),
    async (eve) => {
      const guess = () => eve.asks('POST', '/api/share-links/redeem', '', { secret: newSecret() });
      for (let tried = 0; tried < 100; tried++) await guess();
      return guess();
    },
  ],
];

const EVIL = { Origin: 'https://evil.example' };
const REBOUND = { Host: 'rebound.evil.example' };
const path = `/api/documents/${PLAN}`;

/** Pages of other sites, and requests over HTTP. */
const BY_REQUEST: readonly Attack[] = [
  ['a socket from a page of another site', answered('origin-refused'), (eve) => eve.upgrades(EVIL)],
  ['a socket under a host name that was pointed here', answered('host-refused'), (eve) => eve.upgrades(REBOUND)],
  ['a socket elsewhere', answered('not-found'), (eve) => eve.writes(upgradeTo('/collab/../api/documents'))],
  [
    'a request from a page of another site',
    answered('origin-refused'),
    async (eve) => eve.asks('DELETE', path, await eve.admin(), undefined, EVIL),
  ],
  [
    'a request under a host name that was pointed here',
    answered('host-refused'),
    async (eve) => eve.asks('GET', path, await eve.admin(), undefined, REBOUND),
  ],
  ['a token in the address', answered('sign-in-required'), async (eve) => eve.asks('GET', `${path}?token=${await eve.admin()}`)],
  [
    'a token in a cookie',
    answered('sign-in-required'),
    async (eve) => eve.asks('GET', path, '', undefined, { Cookie: `token=${await eve.admin()}` }),
  ],
  ['reading without a role', answered('forbidden'), async (eve) => eve.asks('GET', path, await eve.token({ plans: 'admin' }))],
  [
    'reading what is not there without a role',
    answered('forbidden'),
    async (eve) => eve.asks('GET', '/api/documents/nothing', await eve.token({ plans: 'admin' })),
  ],
  [
    'reading by way of another document',
    answered('document-not-found'),
    async (eve) => eve.asks('GET', '/api/documents/mine%2F..%2Fplan', await eve.token({ 'mine/*': 'admin' })),
  ],
  [
    'writing as a viewer',
    answered('forbidden'),
    async (eve) =>
      eve.asks('PUT', `${path}/content`, await eve.token({ [PLAN]: 'suggest' }), GRAFFITI, { 'Content-Type': 'text/markdown' }),
  ],
  [
    'writing under another method',
    answered('forbidden'),
    async (eve) => eve.asks('POST', '/api/documents', await eve.token({ [PLAN]: 'view' }), {}, { 'X-HTTP-Method-Override': 'GET' }),
  ],
  ['deleting as an editor', answered('forbidden'), async (eve) => eve.asks('DELETE', path, await eve.token({ [PLAN]: 'edit' }))],
  [
    'sharing as an editor',
    answered('forbidden'),
    async (eve) => eve.asks('POST', `${path}/share-links`, await eve.token({ [PLAN]: 'edit' }), { role: 'view' }),
  ],
  ['sharing a document whose name is a pattern', answered('bad-request'), sharesPattern],
  [
    'making a token as an admin of a folder',
    answered('forbidden'),
    async (eve) => eve.asks('POST', '/api/tokens', await eve.token({ 'team/*': 'admin' }), { sub: 'eve', name: 'Eve', access: all }),
  ],
  [
    'revoking as an admin of a folder',
    answered('forbidden'),
    async (eve) => eve.asks('POST', '/api/revocations', await eve.token({ 'team/*': 'admin' }), { sub: 'Ada' }),
  ],
  ['a file outside the pages', answered('not-found'), (eve) => eve.asks('GET', '/assets/..%2f..%2f..%2fpackage.json')],
  ['a file outside the pages, as it is', answered('not-found'), (eve) => eve.asks('GET', '/assets/../../../package.json')],
];

/** Megabytes at a time. */
export const BY_WEIGHT: readonly Attack[] = [
  [
    'work for seconds in one edit of a viewer',
    { edits: [0] },
    async (eve) => eve.edits(await eve.inside({ [PLAN]: 'view' }), laborious(15_000_000)),
  ],
  ['a caret of 8 MB', closed('body-too-large'), (eve) => eve.isClosedFor(presence(4_713, { user: GRAFFITI.repeat(1_000_000) }))],
  ['a message of 40 MB', closed('body-too-large'), (eve) => eve.isClosedFor(new Uint8Array(40_000_000))],
  [
    'work for seconds in one message before it signs in',
    closed('body-too-large'),
    (eve) => floods(eve, 1, syncFrame(PLAN, SyncType.Update, laborious(15_000_000))),
  ],
  ['six megabytes before it signs in', closed('too-many-requests'), async (eve) => floods(eve, 1, update('x'.repeat(6_000_000)))],
  [
    'a body of 11 MB',
    answered('body-too-large'),
    async (eve) => eve.asks('POST', '/api/documents', await eve.token({ 'mine/*': 'edit' }), `"${'x'.repeat(11_000_000)}"`),
  ],
];

export const ATTACKS: readonly Attack[] = [...BY_TOKEN, ...BY_MESSAGE, ...BY_FLOOD, ...BY_REQUEST, ...BY_WEIGHT];

/** A token of the attacker's that is no good any more, like all others of theirs. */
async function revoked(eve: Attacker): Promise<string> {
  const token = await eve.token(all);
  const ending = await eve.asks('POST', '/api/revocations', await eve.admin(), { sub: eve.sub });
  if (ending === 'ignored' || !('answered' in ending) || ending.answered !== 204) throw new Error(`not revoked: ${JSON.stringify(ending)}`);
  return token;
}

function relabelled(token: string, alg: string): string {
  const [, payload, signature] = token.split('.');
  return `${Buffer.from(JSON.stringify({ alg })).toString('base64url')}.${payload}.${signature}`;
}

function promoted(token: string): string {
  const [header, payload = '', signature] = token.split('.');
  const said = Buffer.from(payload, 'base64url').toString().replace('"view"', '"edit"');
  return `${header}.${Buffer.from(said).toString('base64url')}.${signature}`;
}

async function guesses(eve: Attacker, count: number): Promise<Ending> {
  let last: Ending = 'ignored';
  for (let tried = 0; tried < count; tried++) last = await eve.signsIn(await signed(claims, newSecret()));
  return last;
}

async function floods(eve: Attacker, count: number, message: Uint8Array): Promise<Ending> {
  const socket = await eve.socket();
  for (let sent = 0; sent < count; sent++) socket.send(message);
  return eve.untilClosed(socket);
}

/** A sound update of as many structs as there is room for, two bytes each. */
function laborious(structs: number): Uint8Array {
  return encoding.encode((encoder) => {
    for (const number of [1, structs, 1, 0]) encoding.writeVarUint(encoder, number);
    encoding.writeUint8Array(encoder, Buffer.alloc(2 * structs, Uint8Array.of(0, 1)));
    encoding.writeVarUint(encoder, 0);
  });
}

async function stuffs(eve: Attacker, token: string): Promise<Ending> {
  const socket = await eve.socket();
  for (const name of names(10_000)) socket.send(signIn(name, token));
  await until('all are answered, or the socket is closed', () => socket.closed !== null || socket.received.length === 10_000);
  return socket.closed === null ? { told: 'each' } : { closed: socket.closed.code };
}

async function sharesPattern(eve: Attacker): Promise<Ending> {
  const token = await eve.token({ 'team/*': 'admin' });
  await eve.asks('POST', '/api/documents', token, { name: 'team/*' });
  return eve.asks('POST', `/api/documents/${encodeURIComponent('team/*')}/share-links`, token, { role: 'view' });
}

function upgradeTo(target: string): string {
  const headers = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
  return `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}\r\n\r\n`;
}
