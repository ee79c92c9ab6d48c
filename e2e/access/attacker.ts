import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import * as decoding from 'lib0/decoding';
import * as Y from 'yjs';
import { ERRORS, type ErrorCode } from '../../protocol/errors.ts';
import { FrameType, readFrameHeader, SyncType } from '../../protocol/frames.ts';
import type { AccessPatterns } from '../../protocol/identity.ts';
import { RawSocket, signIn, syncFrame } from '../raw-socket.ts';
import { until } from '../wait.ts';
import { type Ground, makeToken, PLAN } from './target.ts';
import { upgrade } from './upgrade.ts';

/** What becomes of an attack. */
export type Ending =
  /** The document is refused on the socket, with this reason; the socket stays. */
  | { readonly told: string }
  /** The socket is closed with this code. */
  | { readonly closed: number }
  /** The request or upgrade is answered with this status and problem code; without a code where HTTP itself refuses. */
  | { readonly answered: number; readonly code: string | null }
  /** The edits that were sent are acknowledged (1) or refused (0), in this order. */
  | { readonly edits: readonly number[] }
  /** Nothing comes of it: no answer, no effect. */
  | 'ignored';

/** The endings that the table of errors documents. */
export const told = (code: ErrorCode): Ending => ({ told: code === 'forbidden' ? 'permission-denied' : code });
export const closed = (code: ErrorCode): Ending => ({ closed: ERRORS[code].close ?? Number.NaN });
export const answered = (code: ErrorCode): Ending => ({ answered: ERRORS[code].status, code });

let attackers = 0;

/** Somebody with ill intent, at an address of their own, which a trusted proxy tells. */
export class Attacker {
  readonly ground: Ground;
  readonly address: string;
  readonly sub: string;
  readonly #sockets: RawSocket[] = [];

  constructor(ground: Ground) {
    this.ground = ground;
    // Random: attackers in several threads share the server's memory of addresses.
    const random = () => 1 + Math.floor(Math.random() * 254);
    this.address = `100.${random()}.${random()}.${random()}`;
    this.sub = `eve-${this.address}-${attackers++}`;
  }

  /** A good token of this attacker's own. */
  token(access: AccessPatterns, more = {}): Promise<string> {
    return makeToken(this.ground, this.sub, access, more);
  }

  admin(): Promise<string> {
    return makeToken(this.ground, 'root', { '*': 'admin' });
  }

  async socket(): Promise<RawSocket> {
    const socket = await RawSocket.open(this.ground.collab, { 'X-Forwarded-For': this.address });
    this.#sockets.push(socket);
    return socket;
  }

  /** Signs in to a document with a token, on a socket of its own unless one is given, and goes on to ask for the text. */
  async signsIn(token: string, name = PLAN, socket?: RawSocket): Promise<Ending> {
    const own = socket ?? (await this.socket());
    const before = own.received.length;
    own.send(signIn(name, token));
    own.send(syncFrame(name, SyncType.Step1, NOTHING));
    const decided = () => own.received.slice(before).find((frame) => readFrameHeader(frame).type === FrameType.Auth);
    await until('the sign-in is decided', () => decided() !== undefined || own.closed !== null);
    const answer = decided();
    return answer === undefined ? { closed: own.closed!.code } : { told: reasonOf(answer) };
  }

  /** A socket that is signed in to the plan with a role, or with what is given instead. */
  async inside(access: AccessPatterns = { [PLAN]: 'edit' }, name = PLAN): Promise<RawSocket> {
    const socket = await this.socket();
    const ending = await this.signsIn(await this.token(access), name, socket);
    if (ending !== 'ignored' && !('told' in ending && ending.told === 'in')) throw new Error(`not let in: ${JSON.stringify(ending)}`);
    await until('it reads', () => socket.count(FrameType.Sync) > 0);
    return socket;
  }

  /** Sends frames from inside and waits for the socket to be closed. */
  async isClosedFor(...frames: readonly (Uint8Array | string)[]): Promise<Ending> {
    const socket = await this.inside();
    for (const frame of frames) socket.send(frame);
    return this.untilClosed(socket);
  }

  async untilClosed(socket: RawSocket): Promise<Ending> {
    return { closed: await socket.closeCode() };
  }

  /** Sends edits and waits for what becomes of each. */
  async edits(socket: RawSocket, ...updates: readonly Uint8Array[]): Promise<Ending> {
    const before = socket.count(FrameType.SyncStatus);
    for (const update of updates) socket.send(syncFrame(PLAN, SyncType.Update, update));
    await until('each is answered', () => socket.count(FrameType.SyncStatus) === before + updates.length);
    return { edits: socket.received.filter((frame) => readFrameHeader(frame).type === FrameType.SyncStatus).map((frame) => frame.at(-1)!) };
  }

  /** Sends what gets no answer; resolves when the server is done with it, which the answer to a request behind it tells. */
  async isIgnored(...frames: readonly Uint8Array[]): Promise<Ending> {
    const socket = await this.inside();
    for (const frame of frames) socket.send(frame);
    const answers = socket.count(FrameType.Sync);
    socket.send(syncFrame(PLAN, SyncType.Step1, NOTHING));
    await until('the server is done with it', () => socket.count(FrameType.Sync) > answers || socket.closed !== null);
    return socket.closed === null ? 'ignored' : { closed: socket.closed.code };
  }

  /** Asks for a WebSocket. */
  async upgrades(headers: Record<string, string> = {}): Promise<Ending> {
    const { status, code } = await upgrade(this.ground.url, { 'X-Forwarded-For': this.address, ...headers });
    return { answered: status, code };
  }

  /** Asks over HTTP, by the path as it is written. */
  async asks(method: string, path: string, token = '', body: unknown = undefined, headers: Record<string, string> = {}): Promise<Ending> {
    const { hostname, port } = new URL(this.ground.url);
    const sent = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    const asked = request({
      ...{ hostname, port, method, path },
      headers: {
        'X-Forwarded-For': this.address,
        ...(token === '' ? {} : { Authorization: `Bearer ${token}` }),
        ...(sent === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(sent)) }),
        ...headers,
      },
    });
    // A body that is refused while it is sent: the answer is here, and the rest of it is not taken.
    asked.on('error', () => {});
    asked.end(sent);
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    const answer = await text(response);
    return { answered: response.statusCode ?? 0, code: codeIn(answer) };
  }

  /** Writes bytes and nothing more, and waits for the end. */
  async writes(bytes: string): Promise<Ending> {
    const { hostname, port } = new URL(this.ground.url);
    const connection = connect(Number(port), hostname);
    connection.on('error', () => {});
    let answer = '';
    connection.on('data', (chunk) => {
      answer += chunk;
    });
    connection.write(bytes);
    await once(connection, 'close');
    return { answered: Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1] ?? 0), code: codeIn(answer.split('\r\n\r\n')[1] ?? '') };
  }

  leave(): void {
    for (const socket of this.#sockets) socket.close();
  }
}

const NOTHING = Y.encodeStateVector(new Y.Doc());

/** What no attack may write. */
export const GRAFFITI = 'graffiti';

/** A sound update that writes beside the text of the honest, under a client id of its own or the one that is given. */
export function written(words: string, clientId?: number): Uint8Array {
  const document = new Y.Doc();
  if (clientId !== undefined) document.clientID = clientId;
  document.getText('wall').insert(0, words);
  return Y.encodeStateAsUpdate(document);
}

function reasonOf(frame: Uint8Array): string {
  const decoder = decoding.createDecoder(frame);
  decoder.pos = readFrameHeader(frame).bodyAt;
  return decoding.readVarUint(decoder) === 1 ? decoding.readVarString(decoder) : 'in';
}

function codeIn(answer: string): string | null {
  try {
    return (JSON.parse(answer) as { code?: string }).code ?? null;
  } catch {
    return null;
  }
}
