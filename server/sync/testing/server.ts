import type { TestContext } from 'node:test';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import type { DocumentStore } from '../../../persistence/document-store.ts';
import { InkwireError } from '../../../protocol/errors.ts';
import { AuthType, FrameType, readFrameHeader, SyncType } from '../../../protocol/frames.ts';
import type { LinkEnd } from '../../ports/link.ts';
import type { Visit } from '../../ports/visit.ts';
import { Connections } from '../connections.ts';
import { type Dialect, HOCUSPOCUS } from '../dialect.ts';
import type { Hooks } from '../hooks.ts';
import { Rooms } from '../rooms.ts';
import { ManualLog, partsAround, person, stored, TestLink } from '../testing.ts';

export const MAX_UNREAD = 10_000;

export function frame(type: number, write: (encoder: encoding.Encoder) => void = () => {}, address = 'plan'): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarString(encoder, address);
    encoding.writeVarUint(encoder, type);
    write(encoder);
  });
}

export const auth = (token: string, address?: string) =>
  frame(
    FrameType.Auth,
    (encoder) => {
      encoding.writeVarUint(encoder, AuthType.Token);
      encoding.writeVarString(encoder, token);
    },
    address,
  );

export const sync = (kind: number, payload: Uint8Array) =>
  frame(FrameType.Sync, (encoder) => {
    encoding.writeVarUint(encoder, kind);
    encoding.writeVarUint8Array(encoder, payload);
  });

export const STEP1 = sync(SyncType.Step1, Uint8Array.of(0));

/** An update for each word, one after the other. */
export function written(...words: readonly string[]): Uint8Array[] {
  const document = new Y.Doc();
  const updates: Uint8Array[] = [];
  document.on('update', (update: Uint8Array) => updates.push(update));
  for (const word of words) document.getText('default').insert(document.getText('default').length, word);
  return updates;
}

/** A server around one log that commits when the test says so; tokens are names, and `bad` is refused. */
export function server(t: TestContext, { visit, hooks = {} }: { visit?: Visit; hooks?: Hooks } = {}) {
  const log = new ManualLog();
  const errors: unknown[] = [];
  const traces: [event: string, fields: Readonly<Record<string, unknown>>][] = [];
  const parts = { ...partsAround(log.writer), onError: (_: string, error: unknown) => void errors.push(error), hooks };
  const rooms = new Rooms({ ...parts, store: { ...parts.store, load: async () => stored() } as Partial<DocumentStore> as DocumentStore });
  const connections = new Connections({
    rooms,
    access: {
      identify: async (token) => {
        if (token === 'bad') throw new InkwireError('token-invalid');
        if (token === 'later') throw new InkwireError('keys-unavailable');
        return person(token, { verified: true, expiresAt: 2_000_000_000_000, access: { '*': token === 'reader' ? 'view' : 'edit' } });
      },
      isRevoked: () => false,
      onRevocation: () => () => {},
    },
    limits: {
      slowReaderBytes: 1_000,
      maxUnreadBytes: MAX_UNREAD,
      maxDocumentsPerSocket: 3,
      maxPresenceBytes: 1_000,
      maxDocumentBytes: 1_000_000,
      tokenGraceMs: 1_000,
    },
    schemaVersion: 1,
    now: () => 1_900_000_000_000,
    onError: parts.onError,
    onTrace: (fields, event) => void traces.push([event, fields]),
    hooks,
  });
  t.after(() => rooms.destroyAll());
  const connect = (dialect: Dialect = HOCUSPOCUS) => {
    const link = new TestLink();
    const listener = connections.open(link, { url: '/collab', headers: {} }, dialect, visit);
    const closed = (end: LinkEnd = { by: 'client', code: 1000, reason: null }) => listener.closed(end);
    t.after(() => closed());
    /** What it was sent, without the address. */
    const received = (type?: number) =>
      link.sent
        .map((bytes) => ({ ...readFrameHeader(bytes), body: bytes.subarray(readFrameHeader(bytes).bodyAt) }))
        .filter((each) => type === undefined || each.type === type);
    return { link, receive: (bytes: Uint8Array) => listener.receive(bytes), closed, received };
  };
  /** A client that is in. */
  const enter = async (token = 'ada') => {
    const client = connect();
    client.receive(auth(token));
    await settled();
    return client;
  };
  return { log, rooms, connect, enter, errors, traces };
}

export const settled = () => new Promise((resolve) => setImmediate(resolve));

export const acks = (client: { received(type: number): { body: Uint8Array }[] }) =>
  client.received(FrameType.SyncStatus).map(({ body }) => body[0]);
