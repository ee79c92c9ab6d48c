import type { ServerResponse } from 'node:http';
import { problem } from '../../protocol/errors.ts';
import { body, Reader } from '../../protocol/http-link.ts';
import type { NodeChannel } from '../ports/cluster.ts';
import { type Answer, type AnswerPiece, RemoteAnswer } from './remote-answer.ts';

/** What nodes tell each other of a request: the first byte of a message. */
const Kind = { Ask: 0, Piece: 1, Gone: 2, Sign: 3, Taken: 4, Still: 5 } as const;

/** What a piece says beside its bytes. */
const Flag = { Last: 1, WantsSign: 2, Cut: 4 } as const;

/** What stands around the bytes of a message, bytes. */
const HEAD_BYTES = 128;

/** How long the parts of a request may take to come together, ms. */
const MAX_PARTS_MS = 10_000;

/** How long another node may be silent, ms: until it says that it has a request, and after that. */
export interface Patience {
  readonly takenMs: number;
  readonly answerMs: number;
}

/** A request that another node answers. */
interface Asked {
  readonly node: string;
  readonly response: ServerResponse;
  readonly patience: Patience;
  isTaken: boolean;
  heardAt: number;
  next: number;
}

/** A request of another node's, as far as it has come. */
interface Incoming {
  readonly at: number;
  readonly parts: Uint8Array[];
  missing: number;
}

/**
 * Requests that reach another node than that of their link are answered by that of their link, over what carries messages between nodes. A message that is
 * lost cuts an answer or leaves a request without one, which costs a client over HTTP nothing but another request: each says its place.
 */
export class HandOver {
  readonly #channel: NodeChannel;
  readonly #serve: (request: Uint8Array, answer: Answer) => void;
  readonly #now: () => number;
  readonly #asked = new Map<number, Asked>();
  readonly #incoming = new Map<string, Incoming>();
  readonly #answers = new Map<string, RemoteAnswer>();
  #nextId = 0;

  constructor(channel: NodeChannel, serve: (request: Uint8Array, answer: Answer) => void, now: () => number) {
    this.#channel = channel;
    this.#serve = serve;
    this.#now = now;
    channel.listen((message) => this.#receive(message));
  }

  /** Has a node answer; false when it is not there. It is given up when nothing is heard of it for long. */
  ask(node: string, request: Uint8Array, response: ServerResponse, patience: Patience): boolean {
    if (node === this.#channel.self || !this.#channel.isThere(node)) return false;
    const id = this.#nextId++;
    this.#asked.set(id, { node, response, patience, isTaken: false, heardAt: this.#now(), next: 0 });
    response.once('close', () => {
      if (this.#asked.delete(id)) this.#channel.send(node, body(Kind.Gone, this.#channel.self, id));
    });
    const size = this.#channel.maxMessageBytes - HEAD_BYTES;
    const count = Math.max(1, Math.ceil(request.length / size));
    for (let part = 0; part < count; part++) {
      const bytes = request.subarray(part * size, (part + 1) * size);
      this.#channel.send(node, body(Kind.Ask, this.#channel.self, id, part, count, bytes));
    }
    return true;
  }

  /** To be called every second or so: gives up what is not answered any more. */
  look(): void {
    const now = this.#now();
    for (const [id, { node, heardAt, patience, isTaken }] of this.#asked) {
      const patienceMs = isTaken ? patience.answerMs : patience.takenMs;
      if (now - heardAt > patienceMs || !this.#channel.isThere(node)) this.#cut(id);
      else if (isTaken) this.#channel.send(node, body(Kind.Still, this.#channel.self, id));
    }
    for (const [key, { at }] of this.#incoming) if (now - at > MAX_PARTS_MS) this.#incoming.delete(key);
  }

  close(): void {
    for (const id of [...this.#asked.keys()]) this.#cut(id);
    for (const answer of this.#answers.values()) answer.destroy();
  }

  #receive(message: Uint8Array): void {
    const reader = new Reader(message);
    const kind = reader.number();
    const from = reader.text() ?? '';
    const id = reader.number() ?? -1;
    if (kind === Kind.Ask) this.#take(from, id, reader);
    else if (kind === Kind.Piece) this.#answered(from, id, reader);
    else if (kind === Kind.Taken) this.#taken(from, id);
    else if (kind === Kind.Still) this.#stillAnswering(from, id);
    else if (kind === Kind.Gone) this.#answers.get(`${from} ${id}`)?.destroy();
    else if (kind === Kind.Sign) this.#answers.get(`${from} ${id}`)?.signed();
  }

  #take(from: string, id: number, reader: Reader): void {
    const part = reader.number();
    const count = reader.number();
    const key = `${from} ${id}`;
    if (part === null || count === null || part >= count || this.#answers.has(key)) return;
    const incoming = this.#incoming.get(key) ?? { at: this.#now(), parts: [], missing: count };
    this.#incoming.set(key, incoming);
    if (incoming.parts[part] !== undefined) return;
    incoming.parts[part] = reader.rest();
    incoming.missing -= 1;
    if (incoming.missing > 0) return;
    this.#incoming.delete(key);
    this.#channel.send(from, body(Kind.Taken, this.#channel.self, id));
    this.#serve(Buffer.concat(incoming.parts), this.#answerTo(from, id, key));
  }

  /** Without this a request that was lost on the way would be waited for as long as one that is held until there is something. */
  #taken(from: string, id: number): void {
    const asked = this.#asked.get(id);
    if (asked?.node !== from) return;
    asked.isTaken = true;
    asked.heardAt = this.#now();
  }

  /** Another node waits for an answer. If it is over here, the end of it was lost on the way. */
  #stillAnswering(from: string, id: number): void {
    if (this.#answers.has(`${from} ${id}`)) return;
    this.#channel.send(from, body(Kind.Piece, this.#channel.self, id, Number.MAX_SAFE_INTEGER, 0, Flag.Cut));
  }

  #answerTo(node: string, id: number, key: string): RemoteAnswer {
    let next = 0;
    const send = (flags: number, status: number, bytes: Uint8Array) =>
      this.#channel.send(node, body(Kind.Piece, this.#channel.self, id, next++, status, flags, bytes));
    const answer = new RemoteAnswer({
      maxBytes: this.#channel.maxMessageBytes - HEAD_BYTES,
      send: ({ status, bytes, isLast, wantsSign }: AnswerPiece) =>
        send((isLast ? Flag.Last : 0) | (wantsSign ? Flag.WantsSign : 0), status, bytes),
      cut: () => send(Flag.Cut, 0, new Uint8Array()),
    });
    this.#answers.set(key, answer);
    answer.once('close', () => this.#answers.delete(key));
    return answer;
  }

  #answered(from: string, id: number, reader: Reader): void {
    const asked = this.#asked.get(id);
    const [place, status, flags] = [reader.number(), reader.number(), reader.number()];
    if (asked?.node !== from || place === null || status === null || flags === null || place < asked.next) return;
    if (place > asked.next || (flags & Flag.Cut) !== 0) {
      this.#cut(id);
      return;
    }
    asked.next += 1;
    asked.isTaken = true;
    asked.heardAt = this.#now();
    const { response } = asked;
    const bytes = reader.rest();
    const isLast = (flags & Flag.Last) !== 0;
    if (!response.headersSent) {
      const isProblem = status >= 400 && status !== 409;
      response.writeHead(status, {
        'Content-Type': isProblem ? 'application/problem+json' : 'application/octet-stream',
        ...(isLast ? { 'Content-Length': bytes.length } : {}),
      });
      if (!isLast) response.flushHeaders();
    }
    if (isLast) {
      this.#asked.delete(id);
      response.end(bytes);
      return;
    }
    const goesOn = bytes.length === 0 || response.write(bytes);
    if ((flags & Flag.WantsSign) === 0) return;
    const sign = () => this.#channel.send(from, body(Kind.Sign, this.#channel.self, id));
    if (goesOn) sign();
    else response.once('drain', sign);
  }

  #cut(id: number): void {
    const asked = this.#asked.get(id);
    if (asked === undefined) return;
    this.#asked.delete(id);
    this.#channel.send(asked.node, body(Kind.Gone, this.#channel.self, id));
    const { response } = asked;
    if (response.headersSent) response.destroy();
    else {
      const { status, ...rest } = problem('overloaded', 'The server of this link does not answer.');
      response.writeHead(status, { 'Content-Type': 'application/problem+json', 'Retry-After': '1' });
      response.end(JSON.stringify({ status, ...rest }));
    }
  }
}
