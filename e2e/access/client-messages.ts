import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import type { ClientMessage } from '../../protocol/frame-permissions.ts';
import { FrameType, SyncType } from '../../protocol/frames.ts';
import { presenceOf } from '../conformance/frame-client.ts';
import { frame, signIn } from '../raw-socket.ts';

/** What the messages write into the text, and whom they make present. */
export const WRITTEN = 'written-by-the-message';
const PERSON = 'present-by-the-message';

/** How a kind of message is sent to a document: itself, and what must come before it. */
export type Frames = (name: string) => readonly Uint8Array[];

const sync = (type: number, kind: number, payload: Uint8Array) => (name: string) =>
  frame(name, type, (encoder) => {
    encoding.writeVarUint(encoder, kind);
    encoding.writeVarUint8Array(encoder, payload);
  });
const presence = (clientId: number) => (name: string) =>
  frame(name, FrameType.Awareness, (encoder) => {
    encoding.writeVarUint8Array(encoder, presenceOf(clientId, 1, { user: { name: PERSON, color: '#aa3322' } }));
  });

/** Present and writing under one client id, as a provider is: a Step2 of somebody who is not waits for its author. */
function edit(type: number, kind: number): Frames {
  return (name) => {
    const document = new Y.Doc();
    const paragraph = new Y.XmlElement('paragraph');
    paragraph.insert(0, [new Y.XmlText(WRITTEN)]);
    document.getXmlFragment('default').insert(0, [paragraph]);
    return [presence(document.clientID)(name), sync(type, kind, Y.encodeStateAsUpdate(document))(name)];
  };
}

/** The state vector of an empty document. */
export const NOTHING = Y.encodeStateVector(new Y.Doc());
const ask =
  (type: number): Frames =>
  (name) => [sync(type, SyncType.Step1, NOTHING)(name)];
const plain =
  (type: number): Frames =>
  (name) => [frame(name, type)];
const stateless =
  (type: number): Frames =>
  (name) => [frame(name, type, (encoder) => encoding.writeVarString(encoder, WRITTEN))];

/** Every message of a client that there is, as the table of permissions has them: with something in it wherever something can be. */
export const MESSAGES: Record<ClientMessage, Frames> = {
  Auth: (name) => [signIn(name, 'guessed')],
  Ping: plain(FrameType.Ping),
  Pong: plain(FrameType.Pong),
  'Sync.Step1': ask(FrameType.Sync),
  'Sync.Step2': edit(FrameType.Sync, SyncType.Step2),
  'Sync.Update': edit(FrameType.Sync, SyncType.Update),
  'SyncReply.Step1': ask(FrameType.SyncReply),
  'SyncReply.Step2': edit(FrameType.SyncReply, SyncType.Step2),
  'SyncReply.Update': edit(FrameType.SyncReply, SyncType.Update),
  Awareness: (name) => [presence(4711)(name)],
  QueryAwareness: plain(FrameType.QueryAwareness),
  Stateless: stateless(FrameType.Stateless),
  Close: plain(FrameType.Close),
  BroadcastStateless: stateless(FrameType.BroadcastStateless),
  SyncStatus: (name) => [frame(name, FrameType.SyncStatus, (encoder) => encoding.writeVarUint(encoder, 1))],
};
