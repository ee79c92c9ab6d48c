import type { ClientFrame, OfferedToken } from '../../protocol/client-frames.ts';
import type { Codec } from '../../protocol/codec.ts';
import { nameProblem } from '../../protocol/document-name.ts';
import { ERRORS, type ErrorCode, InkwireError, isErrorCode } from '../../protocol/errors.ts';
import type { Link, LinkEnd, LinkListener, LinkRequest } from '../ports/link.ts';
import type { Visit } from '../ports/visit.ts';
import type { Dialect } from './dialect.ts';
import { type FrameRules, handleFrame, mayWait, unknownFrame } from './frame-handlers.ts';
import type { HookRefusal, Hooks } from './hooks.ts';
import { Inbox } from './inbox.ts';
import { Lobby } from './lobby.ts';
import { Member, type MemberConnection } from './member.ts';
import type { Room } from './room.ts';
import type { Rooms } from './rooms.ts';
import { refusalReason, type SignIn } from './sign-in.ts';
import { entryRole, mayWrite, Standing, type StandingRules } from './standing.ts';
import type { StandingWatch } from './standing-watch.ts';

/** What one client may take, bytes unless said otherwise. */
export interface ConnectionLimits {
  /** Beyond this many unread bytes, presence is dropped and text gathered into one difference ([L1]). */
  readonly slowReaderBytes: number;
  /** Beyond this many the link is closed with 1013. */
  readonly maxUnreadBytes: number;
  /** Documents open on one link and signed in to, and as many refusals. */
  readonly maxDocumentsPerSocket: number;
  /** Presence of one member; more is not shown to others. */
  readonly maxPresenceBytes: number;
}

/** What is the same for every connection of a server. */
export interface ConnectionParts {
  readonly rooms: Rooms;
  readonly signIn: SignIn;
  readonly watch: StandingWatch;
  readonly standing: StandingRules;
  readonly frames: FrameRules;
  readonly limits: ConnectionLimits;
  readonly hooks: Hooks;
  /** Told of what happens to a connection, for whoever debugs one: ids, never content. */
  readonly trace: (connection: Connection, event: string, fields?: Readonly<Record<string, unknown>>) => void;
  readonly onClosed: (connection: Connection) => void;
  readonly onError: (what: string, error: unknown) => void;
}

/** The reason of the Close frame when a provider itself has left a document. */
const LEFT_BY_CLIENT = 'provider_initiated';

/** What a close frame holds beside its code, bytes of UTF-8 (RFC 6455, section 5.5). */
const MAX_REASON_BYTES = 123;

/** Hocuspocus' code for a link whose client should start anew. A provider whose document alone is closed stays "connected" and never asks again. */
const RESET = { code: 4205, reason: 'Reset Connection' } as const;

/**
 * One link and the members on it: it reads frames at the client's pace, lets members in, and writes to
 * them as fast as the client reads.
 */
export class Connection implements MemberConnection, LinkListener {
  /** For logs. */
  readonly id: number;
  readonly codec: Codec;
  readonly request: LinkRequest;
  /** Version of the document schema that its client writes, from `?schemaVersion=`; NaN when it says none. */
  readonly schemaVersion: number;
  readonly #only: Dialect['only'];
  readonly #link: Link;
  readonly #visit: Visit | null;
  readonly #parts: ConnectionParts;
  readonly #members = new Map<string, Member>();
  readonly #lobby = new Lobby();
  readonly #inbox: Inbox;
  #refusals = 0;
  #closed = false;
  #awaitsDrain = false;
  #largestUnread = 0;

  constructor(
    id: number,
    link: Link,
    request: LinkRequest,
    { codec, only }: Dialect,
    schemaVersion: number,
    visit: Visit | null,
    parts: ConnectionParts,
  ) {
    this.id = id;
    this.#link = link;
    this.request = request;
    this.codec = codec;
    this.#only = only;
    this.schemaVersion = schemaVersion;
    this.#visit = visit;
    this.#parts = parts;
    const handle = (frame: Uint8Array) => this.handle(frame);
    const stop = () => this.refuse('too-many-requests');
    this.#inbox = new Inbox(handle, link, () => performance.now(), visit?.pace, stop);
  }

  get isOpen(): boolean {
    return !this.#closed && this.#link.readyState === 1;
  }

  get isSlow(): boolean {
    return this.#link.bufferedAmount > this.#parts.limits.slowReaderBytes;
  }

  get members(): Iterable<Member> {
    return this.#members.values();
  }

  /** Reads on; who has brought a token in the address is let in with it. */
  begin(): void {
    if (this.#only !== null && this.#only.token !== null) this.#enterOnly(this.#only.documentName, this.#only.token);
  }

  receive(frame: Uint8Array): void {
    this.#inbox.receive(frame);
  }

  closed({ by, code, reason }: LinkEnd): void {
    this.#closed = true;
    this.#inbox.clear();
    for (const member of this.#members.values()) this.#leave(member);
    this.#parts.trace(this, 'closed', { by, code, reason });
    this.#parts.onClosed(this);
  }

  /** Closes the link with the code of a refusal, and its title or what was wrong this time. */
  refuse(code: ErrorCode, detail: string = ERRORS[code].title): void {
    if (!this.isOpen) return;
    if (code !== 'shutting-down') this.#visit?.refused(code);
    this.#parts.trace(this, `refused ${code}`, { detail });
    this.close(this.codec.closeCode(code), detail);
  }

  /** Closes the link. */
  close(code: number, reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#link.close(code, reason);
  }

  left(member: Member): void {
    this.#leave(member);
    this.write(this.codec.closed(member.address, LEFT_BY_CLIENT));
  }

  dismiss(member: Member, reason: string): void {
    if (this.#members.get(member.address) !== member) return;
    this.#parts.trace(this, 'dismissed', { document: member.documentName, reason });
    this.#leave(member);
    this.write(this.codec.closed(member.address, reason));
    this.close(RESET.code, RESET.reason);
  }

  write(frame: Uint8Array | null): void {
    if (!this.isOpen || frame === null) return;
    this.#link.send(frame);
    const { slowReaderBytes, maxUnreadBytes } = this.#parts.limits;
    const unread = this.#link.bufferedAmount;
    // A document larger than the mark is one frame, and whoever joins it has not read it yet when the next follows.
    this.#largestUnread = unread > slowReaderBytes ? Math.max(this.#largestUnread, frame.length) : 0;
    if (unread > maxUnreadBytes + this.#largestUnread) this.refuse('slow-reader');
  }

  hold(): () => void {
    return this.#inbox.hold();
  }

  awaitDrain(): void {
    if (this.#awaitsDrain) return;
    this.#awaitsDrain = true;
    this.#link.onceDrained(() => {
      this.#awaitsDrain = false;
      for (const member of this.#members.values()) member.catchUp();
    });
  }

  /** Handles a frame as if its turn had come. */
  handle(bytes: Uint8Array): void {
    if (!this.isOpen) return;
    try {
      const frame = this.#read(bytes);
      const member = this.#members.get(frame.address);
      if (member === undefined || member.state.kind === 'entering') this.#receiveEarly(frame, member);
      else if (this.#parts.hooks.frame === undefined) handleFrame(member, frame, this.#parts.frames);
      else this.#parts.hooks.frame(member, bytes, (handed) => this.#handleOf(member, handed));
    } catch (error) {
      this.fail(error);
    }
  }

  /** A frame that an extension has looked at. */
  #handleOf(member: Member, bytes: Uint8Array): void {
    if (!this.isOpen || member.state.kind === 'left') return;
    try {
      handleFrame(member, this.#read(bytes), this.#parts.frames);
    } catch (error) {
      this.fail(error);
    }
  }

  /** A frame was refused, or could not be handled. */
  fail(error: unknown): void {
    if (error instanceof InkwireError) {
      const fits = Buffer.byteLength(error.message) <= MAX_REASON_BYTES;
      this.refuse(error.code, fits ? error.message : undefined);
    } else {
      this.#parts.onError('handling a frame', error);
      this.refuse('internal');
    }
  }

  /** Nothing but a token is read of a document before its member is in; the rest waits. */
  #receiveEarly(frame: ClientFrame, member: Member | undefined): void {
    const { message, address, documentName } = frame;
    if (message === 'Ping' && address === '') this.write(this.codec.pong);
    if (message === 'Ping' || message === 'Pong') return;
    const problem = nameProblem(documentName);
    if (problem !== null) throw new InkwireError('bad-name', `The document's name ${problem}.`);
    if (message === 'Auth' && member === undefined) {
      void this.#enter(frame, this.codec.token(frame));
      return;
    }
    if (!mayWait(frame)) throw unknownFrame(frame);
    if (member === undefined && this.#only !== null) this.#enterOnly(documentName, '');
    const refusal = this.#lobby.hold(address, frame.bytes);
    if (refusal !== null) this.refuse(refusal);
  }

  #read(bytes: Uint8Array): ClientFrame {
    return this.codec.read(bytes, this.#only?.documentName ?? null);
  }

  #enterOnly(documentName: string, token: string): void {
    void this.#enter({ address: documentName, documentName }, { token, providerVersion: null });
  }

  /** Lets a member in, or says why not. A refused token ends the document, not the link: others on it may be allowed. */
  async #enter(
    { address, documentName }: Pick<ClientFrame, 'address' | 'documentName'>,
    { token, providerVersion }: OfferedToken,
  ): Promise<void> {
    if (this.#members.size >= this.#parts.limits.maxDocumentsPerSocket) {
      this.refuse('too-many-documents');
      return;
    }
    const member = new Member(this, address, documentName, providerVersion);
    this.#members.set(address, member);
    try {
      const refusal = await this.#signIn(member, token);
      if (!this.#awaits(member)) return;
      if (refusal !== null) this.#deny(member, refusal);
      else await this.#parts.rooms.use(documentName, member, (room) => this.#join(member, room));
    } catch (error) {
      if (!this.#awaits(member)) return;
      if (error instanceof InkwireError) this.refuse(error.code);
      else this.#deny(member, (error as HookRefusal | undefined)?.reason ?? 'permission-denied');
    }
  }

  /** Why the token does not let the member in; `null` when it does. Rejects with what an extension rejects with. */
  async #signIn(member: Member, token: string): Promise<string | null> {
    const { hooks, signIn } = this.#parts;
    if (hooks.connect !== undefined) await hooks.connect(member);
    const checked = await signIn.check(token, this.#visit);
    if (checked.kind === 'refused') return refusalReason(checked.code);
    // When it is not the token's fault the link is closed, so that the same one is tried again.
    if (checked.kind !== 'good') throw new InkwireError(checked.code);
    const role = entryRole(checked.identity, member.documentName);
    if (role === null) {
      this.#visit?.refused('forbidden');
      return refusalReason('forbidden');
    }
    member.signIn(checked.identity);
    if (hooks.authenticate !== undefined) await hooks.authenticate(member, token);
    if (this.#awaits(member)) member.confirm(member.restricted || !mayWrite(role));
    return null;
  }

  #join(member: Member, room: Room): void {
    const { limits, standing: rules, watch, hooks, trace } = this.#parts;
    if (!this.#awaits(member)) return;
    if (room.log.deleted) {
      this.refuse('document-deleted');
      return;
    }
    const standing: Standing = new Standing({
      identity: member.identity,
      documentName: member.documentName,
      outdated: this.schemaVersion < room.schema.version,
      restricted: member.restricted,
      controls: member,
      rules,
      check: (token) => this.#renew(member, token),
      onRenewed: () => watch.expect(standing.dueAt),
    });
    if (standing.dueAt < Number.POSITIVE_INFINITY) watch.add(standing);
    member.join(room, standing, limits.maxPresenceBytes);
    trace(this, 'joined', { document: member.documentName, sub: member.identity.sub });
    hooks.joined?.(member);
    for (const held of this.#lobby.take(member.address)) this.handle(held);
  }

  async #renew(member: Member, token: string) {
    const { hooks, signIn } = this.#parts;
    const checked = await signIn.check(token, this.#visit);
    if (checked.kind !== 'good' || hooks.renew === undefined) return checked;
    try {
      await hooks.renew(member, token);
    } catch (error) {
      this.dismiss(member, (error as HookRefusal | undefined)?.reason ?? 'Unauthorized');
    }
    return checked;
  }

  #deny(member: Member, reason: string): void {
    this.#forget(member);
    this.#lobby.take(member.address);
    this.#parts.trace(this, `denied ${reason}`, { document: member.documentName });
    this.write(this.codec.denied(member.address, reason));
    if (this.#only !== null) this.refuse(isErrorCode(reason) ? reason : 'forbidden');
    if (++this.#refusals > this.#parts.limits.maxDocumentsPerSocket) this.refuse('too-many-documents');
  }

  #leave(member: Member): void {
    const { room, standing } = member;
    this.#forget(member);
    if (room === null) return;
    if (standing !== null) this.#parts.watch.remove(standing);
    this.#parts.trace(this, 'left', { document: member.documentName });
    this.#parts.hooks.left?.(member);
    this.#parts.rooms.unloadIfIdle(room.name);
  }

  #forget(member: Member): void {
    this.#members.delete(member.address);
    member.leave();
  }

  /** Whether the member is still on its way in. */
  #awaits(member: Member): boolean {
    return this.isOpen && member.state.kind === 'entering';
  }
}
