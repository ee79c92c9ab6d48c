import { decodeStateVector, snapshot, snapshotContainsUpdate } from 'yjs';
import { type Edit, readEdit } from '../../document/updates/edit.ts';
import { type Lack, lackOf } from '../../document/updates/lack.ts';
import type { ClientFrame } from '../../protocol/client-frames.ts';
import { InkwireError } from '../../protocol/errors.ts';
import type { ClientMessage } from '../../protocol/frame-permissions.ts';
import { HEAVY_BYTES } from './heavy-edits.ts';
import type { Member } from './member.ts';
import type { Room } from './room.ts';
import { differenceFrame } from './room-frames.ts';

/** What the handlers need beside the member. */
export interface FrameRules {
  /** A larger document takes deletions only, bytes. */
  readonly maxDocumentBytes: number;
  /** A client has sent a stateless message. */
  readonly onStateless: (member: Member, text: string) => void;
}

/** What is done with one kind of frame. */
export type FrameHandler = (member: Member, frame: ClientFrame, rules: FrameRules) => void;

/** What a client may have decoded that writes nothing, bytes: far beyond what people's state vectors and presence measure, and the deletions of half a million words. */
const MAX_READING_BYTES = 1024 * 1024;

/** More than a socket reads at once, bytes: a longer message was put together in memory of its own. */
const ALONE_BYTES = 256 * 1024;

/** What stands before the update in such a message at the most, bytes. */
const MESSAGE_HEAD_BYTES = 1024;

/** Those may be as long as a frame may be: they write. */
const EDITS: ReadonlySet<ClientMessage> = new Set(['Sync.Step2', 'Sync.Update', 'SyncReply.Step2', 'SyncReply.Update']);

/** Handles a frame of a member that is in. Throws an `InkwireError`, for which the link is closed. */
export function handleFrame(member: Member, frame: ClientFrame, rules: FrameRules): void {
  const { message, bytes } = frame;
  if (message === null) throw unknownFrame(frame);
  if (bytes.length > MAX_READING_BYTES && !EDITS.has(message)) throw new InkwireError('body-too-large', 'Only edits may be as long.');
  FRAME_HANDLERS[message](member, frame, rules);
}

/** A row for each message, as in the table of what it takes (`protocol/frame-permissions.ts`). */
export const FRAME_HANDLERS: Readonly<Record<ClientMessage, FrameHandler>> = {
  Auth: (member, frame) => member.standing?.offer(member.codec.token(frame).token),
  // Signs of life: an answer to a ping of an older server's, or a ping of the client's own, to which there is no answer.
  Ping: () => {},
  Pong: () => {},
  'Sync.Step1': (member, frame) => sync(member, frame, true),
  'Sync.Step2': (member, frame, rules) => edit(member, frame, true, rules),
  'Sync.Update': (member, frame, rules) => edit(member, frame, false, rules),
  // A SyncReply asks for no Step1 in return, or two servers would ask each other for ever.
  'SyncReply.Step1': (member, frame) => sync(member, frame, false),
  'SyncReply.Step2': (member, frame, rules) => edit(member, frame, true, rules),
  'SyncReply.Update': (member, frame, rules) => edit(member, frame, false, rules),
  Awareness: presence,
  QueryAwareness: (member) => member.sendPresence(),
  Stateless: (member, frame, { onStateless }) => onStateless(member, member.codec.text(frame)),
  Close: (member) => member.connection.left(member),
  BroadcastStateless: serversOnly,
  SyncStatus: serversOnly,
};

/** Whether a frame may wait for its member to be in; a kind of sync that there is not is refused then. */
export function mayWait({ message, isSync }: ClientFrame): boolean {
  return message === null ? isSync : FRAME_HANDLERS[message] !== serversOnly;
}

/** Why a frame that is none of those is refused. */
export function unknownFrame({ type, isSync, bytes, bodyAt }: ClientFrame): InkwireError {
  if (!isSync) return new InkwireError('malformed-frame', `A client may not send messages of type ${type}.`);
  if (bodyAt > bytes.length) return new InkwireError('malformed-update', 'The update does not decode; nothing of it was applied.');
  return new InkwireError('malformed-frame', `There is no sync message of kind ${bytes[bodyAt - 1]}.`);
}

function serversOnly(_member: Member, frame: ClientFrame): never {
  throw unknownFrame(frame);
}

function sync(member: Member, frame: ClientFrame, asksBack: boolean): void {
  const { state } = member;
  if (state.kind === 'suspended') {
    state.heldSync = frame.bytes.slice();
    return;
  }
  if (state.kind !== 'in') return;
  const { room } = state;
  const { settled } = room;
  if (settled !== null) {
    const bytes = frame.bytes.slice();
    void holding(member, () => again(member, bytes, settled));
    return;
  }
  const stateVector = member.codec.payload(frame);
  const clocks = decoded(stateVector);
  const isEmpty = clocks.size === 0 && asksBack;
  if (isEmpty && room.state.isMissing) void holding(member, () => sendLarge(member, room));
  else if (isEmpty) member.sendDocument();
  else if (room.state.isLarge && isMuch(room.read((document) => lackOf(document, clocks)))) {
    const since = stateVector.slice();
    void holding(member, async () => {
      const difference = await room.state.difference(since);
      answer(member, room, asksBack, member.codec.step2(member.address, difference));
    });
  } else answer(member, room, asksBack, differenceFrame(room, member, stateVector));
}

/** To encode it takes longer than others should wait: 5 ms. */
const isMuch = ({ structs, length }: Lack) => structs > 10_000 || length > 256 * 1024;

/** Answers a Step1 with a frame of what its sender lacks, and with a Step1 of the server's own. */
function answer({ connection, codec, address }: Member, room: Room, asksBack: boolean, difference: Uint8Array): void {
  if (asksBack) connection.write(codec.step1(address, room.stateVector()));
  connection.write(difference);
}

/** The member waits while something is done that takes longer than others should wait ([L4]); what it sends meanwhile is read after that. */
async function holding(member: Member, act: () => Promise<void>): Promise<void> {
  const release = member.connection.hold();
  try {
    await act();
  } catch (error) {
    member.connection.fail(error);
  } finally {
    release();
  }
}

/** A large document is read and merged elsewhere. */
async function sendLarge(member: Member, room: Room): Promise<void> {
  await room.state.prepare();
  await room.settled;
  member.sendDocument();
}

/** Nobody is sent half of an edit: the member waits until all of it is there. */
async function again(member: Member, bytes: Uint8Array, settled: Promise<void>): Promise<void> {
  await settled;
  if (member.room !== null) member.connection.handle(bytes);
}

/** To decode 32 MB of the smallest structs there are takes 5 s, so of a reader little more is read than a reader has to say. */
function edit(member: Member, frame: ClientFrame, isReply: boolean, rules: FrameRules): void {
  const { room } = member;
  if (room === null) return;
  const payload = member.codec.payload(frame);
  // A reader's answer to the server's Step1 is an edit in form only, unless it brings something.
  if (!member.mayWrite && (payload.length > MAX_READING_BYTES || !isReply)) {
    member.refuseEdit();
    return;
  }
  if (member.mayWrite && payload.length > HEAVY_BYTES && room.relays) {
    const update = ownBytes(payload);
    void holding(member, () => heavyEdit(member, room, update, isReply, rules));
    return;
  }
  const decoded = readEdit(payload, isReply);
  admit(room, decoded.grows, rules);
  if (!member.mayWrite) {
    answerReader(member, room, decoded);
    return;
  }
  const claim = room.claimFirst(decoded, member);
  if (claim === null) take(member, room, decoded);
  else {
    const kept = { ...decoded, update: decoded.update.slice() };
    void holding(member, async () => {
      await claim;
      if (member.room === null || member.mayWrite) take(member, room, kept);
      else member.refuseEdit();
    });
  }
}

function take(member: Member, room: Room, decoded: Edit): void {
  room.receive(decoded, member);
  acknowledge(member, room, decoded.grows);
}

/** `update` is handed over: it is not to be read any more. */
async function heavyEdit(member: Member, room: Room, update: Uint8Array, isReply: boolean, rules: FrameRules): Promise<void> {
  let growsRoom = false;
  try {
    await room.receiveHeavy(update, isReply, member, (grows) => {
      // Who has left by now could write when it was sent.
      if (member.room !== null && !member.mayWrite) throw new InkwireError('forbidden');
      growsRoom = grows;
      admit(room, grows, rules);
    });
  } catch (error) {
    if (!(error instanceof InkwireError && error.code === 'forbidden')) throw error;
    member.refuseEdit();
    return;
  }
  acknowledge(member, room, growsRoom);
}

/** Bytes that nobody else uses: a long message was put together in memory of its own, others are copied. */
function ownBytes(payload: Uint8Array): Uint8Array {
  const isAlone = payload.length > ALONE_BYTES && payload.buffer.byteLength - payload.length < MESSAGE_HEAD_BYTES;
  return isAlone ? payload : payload.slice();
}

function admit(room: Room, grows: boolean, { maxDocumentBytes }: FrameRules): void {
  if (room.log.full) throw new InkwireError('overloaded');
  if (grows && room.log.bytes > maxDocumentBytes) throw new InkwireError('document-too-large');
}

/** Acknowledges an edit that was taken, once it is committed. */
function acknowledge(member: Member, room: Room, grows: boolean): void {
  if (room.schema.mustStore(member.schemaVersion, grows)) storeSchema(member, room);
  else room.log.afterCommit(() => member.acknowledge());
}

/** Acknowledges a reader's answer that brings nothing; who may not even read is not told whether it does. */
function answerReader(member: Member, room: Room, { isReply, update }: Edit): void {
  const bringsNothing = () => room.read((document) => snapshotContainsUpdate(snapshot(document), update));
  if (isReply && member.state.kind === 'in' && bringsNothing()) room.log.afterCommit(() => member.acknowledge());
  else member.refuseEdit();
}

/** An edit under a later schema is acknowledged once that is stored too. */
function storeSchema(member: Member, room: Room): void {
  room.raiseSchema(member.schemaVersion);
  room.log.afterCommit(() => void room.schema.stored().then(() => room.log.afterCommit(() => member.acknowledge())));
}

function presence(member: Member, frame: ClientFrame): void {
  const update = member.codec.payload(frame);
  const { state } = member;
  if (state.kind !== 'in') return;
  try {
    state.room.presence.receive(state.presence, update);
  } catch {
    throw new InkwireError('malformed-frame');
  }
}

function decoded(stateVector: Uint8Array): Map<number, number> {
  try {
    return decodeStateVector(stateVector);
  } catch {
    throw new InkwireError('malformed-update', 'The state vector does not decode.');
  }
}
