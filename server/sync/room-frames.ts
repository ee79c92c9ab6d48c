import * as Y from 'yjs';
import type { Room } from './room.ts';
import type { RoomMember } from './room-member.ts';

/** What a frame is built for. */
type Reader = Pick<RoomMember, 'codec' | 'address'>;

/** The frames that bring an empty client up to date and ask what it has: Hocuspocus' own order, Step1 before Step2. */
export function joinFrames(room: Room, reader: Reader): Uint8Array[] {
  return [reader.codec.step1(reader.address, room.stateVector()), ...room.state.frames(reader)];
}

/** All that a client with this state vector lacks, as the answer to its Step1. */
export function differenceFrame(room: Room, { codec, address }: Reader, stateVector: Uint8Array): Uint8Array {
  return codec.step2(
    address,
    room.read((document) => Y.encodeStateAsUpdate(document, stateVector)),
  );
}

/** Everyone's presence; `null` when nobody has said anything. */
export function presenceFrame(room: Room, { codec, address }: Reader): Uint8Array | null {
  const update = room.presence.encode();
  return update === null ? null : codec.presence(address, update);
}
