import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { DocumentHandle } from '../../../persistence/document-store.ts';
import type { FollowedDocument, Follower } from '../../ports/cluster.ts';

/** One document in the memory of one simulated node: a set of updates in place of a Y.Doc, and who is present. */
export class SimulatedDocument implements FollowedDocument {
  readonly handle: DocumentHandle;
  readonly schemaVersion = 1;
  readonly holds: Set<number>;
  readonly own = new Set<number>();
  readonly left = new Set<number>();
  readonly others = new Map<number, string>();
  follower: Follower | null = null;

  constructor(name: string, log: readonly number[]) {
    this.handle = { name, id: name, epoch: 1, head: log.length };
    this.holds = new Set(log);
  }

  receive(updates: readonly Uint8Array[]): void {
    for (const update of updates) this.holds.add(numberOf(update));
  }

  raiseSchema(): void {}

  presentIds(): number[] {
    return [...this.own];
  }

  presence(ids?: Iterable<number>): Uint8Array | null {
    const listed = [...(ids ?? this.own)];
    if (listed.length === 0) return null;
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, listed.length);
    for (const id of listed) {
      encoding.writeVarUint(encoder, id);
      encoding.writeUint8(encoder, this.own.has(id) ? 1 : 0);
    }
    return encoding.toUint8Array(encoder);
  }

  receivePresence(node: string, update: Uint8Array, whole: boolean): null {
    const decoder = decoding.createDecoder(update);
    if (whole) this.forgetNode(node);
    for (let left = decoding.readVarUint(decoder); left > 0; left--) {
      const id = decoding.readVarUint(decoder);
      if (decoding.readUint8(decoder) === 1) this.others.set(id, node);
      else if (this.others.get(id) === node) this.others.delete(id);
    }
    return null;
  }

  refutePresence(): void {}

  forgetNode(node: string): void {
    for (const [id, its] of [...this.others]) if (its === node) this.others.delete(id);
  }

  get present(): number[] {
    return [...this.own, ...this.others.keys()].sort((a, b) => a - b);
  }
}

/** An update of the simulation. */
export function bytesOf(update: number): Uint8Array {
  return new Uint8Array([update >> 8, update & 255]);
}

function numberOf(bytes: Uint8Array): number {
  return (bytes[0]! << 8) | bytes[1]!;
}
