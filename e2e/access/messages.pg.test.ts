import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import * as decoding from 'lib0/decoding';
import { type ClientMessage, MESSAGE_PERMISSIONS } from '../../protocol/frame-permissions.ts';
import { FrameType, readFrameHeader, SyncType } from '../../protocol/frames.ts';
import { ACTIONS } from '../../protocol/permissions.ts';
import { includesRole, ROLES, type Role } from '../../protocol/role.ts';
import { runCli } from '../../server/cli.ts';
import { memoryIo } from '../../server/commands/testing.ts';
import { RawSocket, signIn, syncFrame } from '../raw-socket.ts';
import { ServerProcess } from '../server-process.ts';
import { until } from '../wait.ts';
import { MESSAGES, NOTHING, WRITTEN } from './client-messages.ts';

const SECRET = randomBytes(32).toString('base64url');
const MARKER = 'the-marked-text';
/** A document everybody here may read: its answer tells that what was sent before it is done with. */
const BARRIER = 'barrier';

/** Whether the server has answered this socket's Step1 on a document. */
function answered({ received }: RawSocket, name: string): boolean {
  return received.some((bytes) => {
    const { documentName, type, bodyAt } = readFrameHeader(bytes);
    if (documentName !== name || (type !== FrameType.Sync && type !== FrameType.SyncReply)) return false;
    const decoder = decoding.createDecoder(bytes);
    decoder.pos = bodyAt;
    return decoding.readVarUint(decoder) === SyncType.Step2;
  });
}

describe('every message of a client, by somebody with each role', () => {
  let server: ServerProcess;
  let admin: string;
  before(async () => {
    server = await ServerProcess.start({ INKWIRE_SECRET: SECRET });
    admin = await mint('ada', { '*': 'admin' });
    await create(BARRIER);
  });
  after(() => server.dispose());

  async function mint(sub: string, access: Record<string, Role>): Promise<string> {
    const io = memoryIo();
    const patterns = Object.entries(access).flatMap(([pattern, role]) => ['--access', `${pattern}=${role}`]);
    assert.equal(await runCli(['token', '--sub', sub, ...patterns], { INKWIRE_SECRET: SECRET }, io), 0, io.told());
    return io.output().trim();
  }
  const api = (path: string, init: RequestInit = {}) =>
    fetch(`${server.url}/api/documents${path}`, { ...init, headers: { ...init.headers, Authorization: `Bearer ${admin}` } });
  async function create(name: string): Promise<void> {
    const headers = { 'Content-Type': 'text/markdown' };
    assert.equal((await api(`?name=${name}`, { method: 'POST', headers, body: MARKER })).status, 201);
  }
  const textOf = async (name: string) => (await api(`/${name}/export?format=text`)).text();
  const presentIn = async (name: string) => ((await (await api(`/${name}`)).json()) as { present: unknown[] }).present.length;

  for (const [message, permission] of Object.entries(MESSAGE_PERMISSIONS) as [ClientMessage, string][]) {
    for (const role of [null, ...ROLES]) {
      it(`[A1] ${message} (${permission}) by ${role ?? 'nobody with a role here'}`, async (t) => {
        const name = `${message}-${role}`.toLowerCase();
        await create(name);
        const observer = await RawSocket.into(server.collab, name, admin);
        const token = await mint('eve', { [BARRIER]: 'view', [`${name}/x`]: 'admin', ...(role === null ? {} : { [name]: role }) });
        const socket = await RawSocket.into(server.collab, BARRIER, token);
        t.after(() => {
          observer.close();
          socket.close();
        });
        socket.send(signIn(name, token));
        await until('the sign-in is decided', () => socket.count(FrameType.Auth) === 2);

        for (const bytes of MESSAGES[message](name)) socket.send(bytes);
        socket.send(syncFrame(BARRIER, SyncType.Step1, NOTHING));
        await until('the server is done with the message', () => answered(socket, BARRIER) || socket.closed !== null);

        const allowed = permission in ACTIONS && includesRole(role, ACTIONS[permission as keyof typeof ACTIONS]);
        const writes = allowed && permission === 'document.edit';
        const isPresent = role !== null && (message === 'Awareness' || permission === 'document.edit');
        if (writes) await until('it is written', async () => (await textOf(name)).includes(WRITTEN));
        if (isPresent) await until('somebody is present', async () => (await presentIn(name)) === 1);
        if (allowed && message.endsWith('Step1')) await until('the document is told', () => answered(socket, name));

        assert.equal((await textOf(name)).includes(WRITTEN), writes);
        assert.equal(await presentIn(name), isPresent ? 1 : 0);
        const overheard = observer.received.filter((bytes) => Buffer.from(bytes).includes(WRITTEN));
        assert.ok(writes || overheard.length === 0, 'others hear nothing of it');
        const told = socket.received.filter((bytes) => readFrameHeader(bytes).documentName === name);
        if (role === null) {
          for (const bytes of told) assert.ok(!Buffer.from(bytes).includes(MARKER), 'nothing of the document is told');
          assert.ok(
            told.every((bytes) => readFrameHeader(bytes).type === FrameType.Auth),
            'nothing but the refusal is sent',
          );
        }
        if (message === 'BroadcastStateless') assert.equal(await socket.closeCode(), 4400);
      });
    }
  }
});
