import * as encoding from 'lib0/encoding';
import { ContentAny, ContentString, createID, GC, type ID, Item, Skip, UpdateEncoderV1 } from 'yjs';
import { type DecodedUpdate, dependencies } from './sound-update.ts';

type Struct = Exclude<DecodedUpdate['structs'][number], Skip>;
type Range = readonly [client: number, clock: number, length: number];

/** What one slice may hold at the most. */
export interface SliceLimits {
  /** Structs, and ranges of deletions. */
  readonly structs: number;
  /** Clocks that content takes or that deletions reach: UTF-16 code units of a text, elements of a list. */
  readonly clocks: number;
}

/** An update cut up. */
export interface Sliced {
  /** Updates (V1) that do together what the whole does, each of which has all that it depends on once those before it are applied. */
  readonly slices: readonly Uint8Array[];
  /** Some of it depends on what neither the update nor the document has: the whole must be applied after the slices, for Yjs to keep the rest. */
  readonly isPartial: boolean;
}

/**
 * Cuts a sound update into smaller ones, so that a document can take it in turns with other work. `known`
 * are the clocks of the document that is to take them: what it has is left out. Structs come in the order in
 * which Yjs integrates them (`integrateStructs`): under each client id by their clocks, and what
 * they depend on before them. A long text or list is cut as well, into items that Yjs joins again.
 */
export function slicesOf({ structs, ds }: DecodedUpdate, known: ReadonlyMap<number, number>, limits: SliceLimits): Sliced {
  const queues = queuesOf(structs, known);
  const writer = new SliceWriter(limits);
  const clocks = new Map(known);
  const isPartial = writeInOrder(queues, clocks, writer);
  writer.close();
  const lacksDeleted = writeDeletions(ds, clocks, writer);
  writer.close();
  return { slices: writer.slices, isPartial: isPartial || lacksDeleted };
}

/** What is left of one client's structs. */
interface Queue {
  readonly structs: readonly Struct[];
  at: number;
}

/** By client id, what the document does not have. An update that names an id twice means the last time, as Yjs reads it. */
function queuesOf(structs: DecodedUpdate['structs'], known: ReadonlyMap<number, number>): Map<number, Queue> {
  const runs = new Map<number, Struct[]>();
  let last: DecodedUpdate['structs'][number] | null = null;
  for (const struct of structs) {
    const { client, clock } = struct.id;
    const goesOn = last !== null && last.id.client === client && last.id.clock + last.length === clock;
    if (!goesOn) runs.set(client, []);
    last = struct;
    if (!(struct instanceof Skip) && clock + struct.length > (known.get(client) ?? 0)) runs.get(client)!.push(struct as Struct);
  }
  return new Map([...runs].map(([client, run]) => [client, { structs: run, at: 0 }]));
}

/** Writes all that can be integrated, and moves `clocks` on; says whether anything cannot. */
function writeInOrder(queues: ReadonlyMap<number, Queue>, clocks: Map<number, number>, writer: SliceWriter): boolean {
  let isPartial = false;
  const waiting: Struct[] = [];
  for (const queue of queues.values()) {
    while (queue.at < queue.structs.length) {
      let next: Struct | undefined = queue.structs[queue.at++];
      while (next !== undefined) {
        const missing = missingOf(next, clocks);
        if (missing === null) {
          clocks.set(next.id.client, next.id.clock + next.length);
          writer.write(next);
          next = waiting.pop();
          continue;
        }
        const other = queues.get(missing);
        waiting.push(next);
        if (other !== undefined && missing !== next.id.client && other.at < other.structs.length) {
          next = other.structs[other.at++];
          continue;
        }
        // Nothing brings it: neither can those be integrated that wait for it, nor what follows under their ids.
        isPartial = true;
        for (const { id } of waiting.splice(0)) {
          const left = queues.get(id.client)!;
          left.at = left.structs.length;
        }
        next = undefined;
      }
    }
  }
  return isPartial;
}

/** The client id of something that must be there before it and is not. */
function missingOf(struct: Struct, clocks: ReadonlyMap<number, number>): number | null {
  const { client, clock } = struct.id;
  if (clock > (clocks.get(client) ?? 0)) return client;
  for (const other of dependencies(struct)) {
    if (other.client !== client && other.clock >= (clocks.get(other.client) ?? 0)) return other.client;
  }
  return null;
}

/** Says whether some of it is not there to be deleted. */
function writeDeletions(ds: DecodedUpdate['ds'], clocks: ReadonlyMap<number, number>, writer: SliceWriter): boolean {
  let lacks = false;
  for (const [client, ranges] of ds.clients) {
    const there = clocks.get(client) ?? 0;
    for (const { clock, len } of ranges) {
      if (clock + len > there) lacks = true;
      writer.delete(client, clock, Math.min(clock + len, there) - clock);
    }
  }
  return lacks;
}

/** Gathers structs and deletions until a slice is full. */
class SliceWriter {
  readonly slices: Uint8Array[] = [];
  readonly #limits: SliceLimits;
  #runs = new Map<number, Struct[]>();
  #deletions: Range[] = [];
  #structs = 0;
  #clocks = 0;

  constructor(limits: SliceLimits) {
    this.#limits = limits;
  }

  write(struct: Struct): void {
    for (const piece of piecesOf(struct, this.#limits.clocks)) {
      const run = this.#runs.get(piece.id.client);
      if (run === undefined) this.#runs.set(piece.id.client, [piece]);
      else run.push(piece);
      this.#count(piece instanceof GC ? 1 : piece.length);
    }
  }

  /** Long ranges are cut: what is deleted is collected at once. */
  delete(client: number, clock: number, length: number): void {
    for (let at = 0; at < length; at += this.#limits.clocks) {
      const part = Math.min(this.#limits.clocks, length - at);
      this.#deletions.push([client, clock + at, part]);
      this.#count(part);
    }
  }

  close(): void {
    if (this.#structs === 0) return;
    this.slices.push(encode(this.#runs, this.#deletions));
    this.#runs = new Map();
    this.#deletions = [];
    this.#structs = 0;
    this.#clocks = 0;
  }

  #count(clocks: number): void {
    this.#structs++;
    this.#clocks += clocks;
    if (this.#structs >= this.#limits.structs || this.#clocks >= this.#limits.clocks) this.close();
  }
}

/** A struct that takes more clocks than a slice may, as several. Yjs writes the same for a text that was typed at one go and one that was typed letter by letter. */
function piecesOf(struct: Struct, most: number): readonly Struct[] {
  if (struct.length <= most || !(struct instanceof Item)) return [struct];
  const { content, id } = struct;
  const take = pieceTaker(content);
  if (take === null) return [struct];
  const pieces: Item[] = [];
  for (let at = 0; at < struct.length; ) {
    const piece = take(at, Math.min(at + most, struct.length));
    const origin: ID | null = at === 0 ? struct.origin : createID(id.client, id.clock + at - 1);
    const place = createID(id.client, id.clock + at);
    pieces.push(new Item(place, null, origin, null, struct.rightOrigin, at === 0 ? struct.parent : null, struct.parentSub, piece));
    at += piece.getLength();
  }
  return pieces;
}

function pieceTaker(content: Item['content']): ((from: number, to: number) => ContentString | ContentAny) | null {
  if (content instanceof ContentAny) return (from, to) => new ContentAny(content.arr.slice(from, to));
  if (!(content instanceof ContentString)) return null;
  const { str } = content;
  // Half of a character of two code units is not to be encoded by itself.
  return (from, to) => new ContentString(str.slice(from, to < str.length && isHighSurrogate(str, to - 1) ? to - 1 : to));
}

function isHighSurrogate(text: string, at: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === 0xd800;
}

/** An update in format V1: https://github.com/yjs/yjs/blob/main/src/utils/encoding.js, `writeClientsStructs`. */
function encode(runs: ReadonlyMap<number, readonly Struct[]>, deletions: readonly Range[]): Uint8Array {
  const encoder = new UpdateEncoderV1();
  encoding.writeVarUint(encoder.restEncoder, runs.size);
  for (const [client, structs] of runs) {
    encoding.writeVarUint(encoder.restEncoder, structs.length);
    encoder.writeClient(client);
    encoding.writeVarUint(encoder.restEncoder, structs[0]!.id.clock);
    for (const struct of structs) struct.write(encoder, 0);
  }
  const clients = Map.groupBy(deletions, ([client]) => client);
  encoding.writeVarUint(encoder.restEncoder, clients.size);
  for (const [client, ranges] of clients) {
    encoder.resetDsCurVal();
    encoding.writeVarUint(encoder.restEncoder, client);
    encoding.writeVarUint(encoder.restEncoder, ranges.length);
    for (const [, clock, length] of ranges) {
      encoder.writeDsClock(clock);
      encoder.writeDsLen(length);
    }
  }
  return encoder.toUint8Array();
}
