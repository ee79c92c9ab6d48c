import { randomBytes } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type ErrorCode, problem } from '../../protocol/errors.ts';
import { body, HTTP_LINK_PATH, MAX_SEND_BYTES, MAX_WAIT_MS, Reader, Request } from '../../protocol/http-link.ts';
import type { NodeChannel } from '../ports/cluster.ts';
import type { Link, LinkListener } from '../ports/link.ts';
import { HandOver } from './hand-over.ts';
import { HttpLink } from './http-link.ts';
import type { Answer } from './remote-answer.ts';

/** How often links are looked after, ms. */
const LOOK_EVERY_MS = 1_000;

/** How long a client may be between two answers, ms: a phone that changes its network, a page that loads. */
const GRACE_MS = 10_000;

/** How long another node may take to answer what is answered at once, ms. */
const PATIENCE_MS = 5_000;

/** What may stand around the bytes of a request, bytes. */
const MAX_HEAD_BYTES = 256;

/** What the transport needs of the rest. */
export interface HttpLinkParts {
  /** Largest message, bytes, until `open`'s `allow` says otherwise. */
  readonly maxFrameBytes: number;
  /** `null` lets a request through, a code refuses it. `opens` when it asks for a link. */
  readonly admit: (request: IncomingMessage, opens: boolean) => ErrorCode | null;
  /** `allow` sets the largest message of this link, bytes; `bytesRead` says what has come in on it. */
  readonly open: (link: Link, request: IncomingMessage, allow: (maxFrameBytes: number) => void, bytesRead: () => number) => LinkListener;
  readonly graceMs?: number;
  readonly patienceMs?: number;
  /** To the other nodes, to which a balancer may bring requests of this node's links. */
  readonly channel?: NodeChannel | undefined;
}

/** Links over HTTP, served beside the other requests of a server ([W10] of PROTOCOL.md). */
export class HttpLinks {
  readonly #parts: HttpLinkParts;
  /** By their secret, which nobody can guess. */
  readonly #links = new Map<string, HttpLink>();
  readonly #looking: NodeJS.Timeout;
  readonly #handOver: HandOver | null;
  /** What the secrets of this node's links begin with. */
  readonly #node: string;

  constructor(parts: HttpLinkParts) {
    this.#parts = parts;
    const { graceMs = GRACE_MS, channel } = parts;
    this.#node = channel?.self ?? '';
    const serve = (bytes: Uint8Array, answer: Answer) => {
      const reader = new Reader(bytes);
      void this.#use(reader.number(), reader, answer, null).catch(() => answer.destroy());
    };
    this.#handOver = channel === undefined ? null : new HandOver(channel, serve, () => performance.now());
    this.#looking = setInterval(() => this.#look(graceMs), Math.min(LOOK_EVERY_MS, graceMs, parts.patienceMs ?? LOOK_EVERY_MS));
    this.#looking.unref();
  }

  /** Answers requests for links, and leaves all others to `listener`. */
  answering(listener: RequestListener): RequestListener {
    return (request, response) => {
      if (request.url?.split('?', 1)[0] !== HTTP_LINK_PATH) listener(request, response);
      else void this.#answer(request, response).catch(() => response.destroy());
    };
  }

  close(): void {
    clearInterval(this.#looking);
    this.#handOver?.close();
    for (const link of this.#links.values()) link.terminate();
  }

  #look(graceMs: number): void {
    for (const link of this.#links.values()) link.look(graceMs);
    this.#handOver?.look();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { origin } = request.headers;
    response.setHeader('Cache-Control', 'no-store, no-transform');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Vary', 'Origin');
    if (request.method !== 'POST') {
      response.setHeader('Allow', 'POST');
      refuse(response, 'method-not-allowed');
      return;
    }
    const bytes = await readAll(request, MAX_SEND_BYTES + MAX_HEAD_BYTES);
    if (bytes === null) {
      response.setHeader('Connection', 'close');
      refuse(response, 'body-too-large');
      return;
    }
    const reader = new Reader(bytes);
    const kind = reader.number();
    const refusal = this.#parts.admit(request, kind === Request.Open);
    if (refusal !== null) {
      refuse(response, refusal);
      return;
    }
    if (origin !== undefined) response.setHeader('Access-Control-Allow-Origin', origin);
    if (kind === Request.Open) this.#open(request, response);
    else await this.#use(kind, reader, response, (node) => this.#ask(node, kind, bytes, response));
  }

  #open(request: IncomingMessage, response: ServerResponse): void {
    const secret = `${this.#node}.${randomBytes(24).toString('base64url')}`;
    const link = new HttpLink(this.#parts.maxFrameBytes, () => performance.now());
    const allow = (maxFrameBytes: number) => {
      link.maxFrameBytes = maxFrameBytes;
    };
    const listener = this.#parts.open(link, request, allow, () => link.received);
    this.#links.set(secret, link);
    link.listen({
      receive: (frame) => listener.receive(frame),
      refuse: (code) => listener.refuse(code),
      closed: (end) => {
        this.#links.delete(secret);
        listener.closed(end);
      },
    });
    answer(response, 200, body(secret));
  }

  #ask(node: string, kind: number | null, bytes: Uint8Array, response: ServerResponse): boolean {
    const { patienceMs = PATIENCE_MS } = this.#parts;
    const answerMs = kind === Request.Receive ? MAX_WAIT_MS + patienceMs : patienceMs;
    return this.#handOver?.ask(node, bytes, response, { takenMs: patienceMs, answerMs }) ?? false;
  }

  /** Answers a request of a link; `ask` has another node answer it, if it is there. */
  async #use(kind: number | null, reader: Reader, response: Answer, ask: ((node: string) => boolean) | null): Promise<void> {
    const secret = reader.text() ?? '';
    const link = this.#links.get(secret);
    const first = reader.number();
    if (link === undefined && ask?.(secret.split('.', 1)[0] ?? '')) return;
    if (link === undefined || first === null) {
      refuse(response, link === undefined ? 'link-gone' : 'malformed-frame');
      return;
    }
    link.heard();
    if (kind === Request.Send) await send(link, first, reader, response);
    else if (kind === Request.Receive) receive(link, first, reader.number(), response);
    else if (kind === Request.Close) {
      link.left(first);
      answer(response, 204);
    } else refuse(response, 'malformed-frame');
  }
}

/** Bytes of the client, and how much of the server's it has. */
async function send(link: HttpLink, has: number, reader: Reader, response: Answer): Promise<void> {
  const at = reader.number();
  const isKnown = at !== null && link.has(has);
  if (!isKnown) refuse(response, 'malformed-frame');
  // It is told what is here, and gives the rest again: when it may.
  else if (link.isFull || !(await link.take(at, reader.rest()))) answer(response, 409, body(link.received));
  else answer(response, 200, body(link.received));
}

function receive(link: HttpLink, from: number, mode: number | null, response: Answer): void {
  response.setHeader('Content-Type', 'application/octet-stream');
  // Of nginx, which would keep a stream back otherwise.
  response.setHeader('X-Accel-Buffering', 'no');
  if (mode === null || !link.receive(response, from, mode)) refuse(response, 'link-gone');
}

function answer(response: Answer, status: number, bytes?: Uint8Array): void {
  response.writeHead(status, { 'Content-Type': 'application/octet-stream', 'Content-Length': bytes?.length ?? 0 });
  response.end(bytes);
}

function refuse(response: Answer, code: ErrorCode): void {
  const refusal = problem(code);
  response.writeHead(refusal.status, { 'Content-Type': 'application/problem+json' });
  response.end(JSON.stringify(refusal));
}

/** The whole body; `null` when it is longer. Rejects when it is cut. */
async function readAll(request: IncomingMessage, maxBytes: number): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    parts.push(part as Buffer);
    length += (part as Buffer).length;
    if (length > maxBytes) return null;
  }
  return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
}
