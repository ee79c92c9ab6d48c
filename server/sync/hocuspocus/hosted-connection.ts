import { Connection, type Document, type WebSocketLike } from '@hocuspocus/server';
import type { Member } from '../member.ts';
import { onReadOnly } from './upstream.ts';

/** What Hocuspocus calls a connection: a member, as extensions know it. What they send and close goes through the member. */
export class HostedConnection extends Connection {
  readonly member: Member;
  /** What waits for the hooks of the frame before. */
  pending: Promise<void> = Promise.resolve();

  constructor(member: Member, document: Document, request: Request, socketId: string, context: unknown) {
    const socket = new MemberSocket(member);
    super(socket, request, document, socketId, context, !member.mayWrite, sessionOf(member), member.providerVersion);
    this.member = member;
    onReadOnly(
      this,
      () => !member.mayWrite,
      (readOnly) => member.restrict(readOnly),
    );
    // What upstream's constructor has sent, everyone's presence, the member was sent when it joined.
    socket.opened = true;
  }

  override waitForPendingMessages(): Promise<void> {
    return this.pending;
  }

  override sendStateless(payload: string): void {
    this.member.sendStateless(payload);
  }

  override requestToken(): void {
    this.member.askForToken();
  }

  override handleMessage(data: Uint8Array): void {
    this.member.connection.handle(data);
  }

  /** Ends the member's stay, and its link: a provider whose document alone is closed never asks again. */
  override close(event?: { readonly code: number; readonly reason: string }): void {
    this.member.connection.dismiss(this.member, event?.reason ?? 'Server closed the connection');
  }
}

class MemberSocket implements WebSocketLike {
  readonly #member: Member;
  opened = false;

  constructor(member: Member) {
    this.#member = member;
  }

  get readyState(): number {
    return this.#member.connection.isOpen ? 1 : 3;
  }

  send(data: Parameters<WebSocketLike['send']>[0]): void {
    if (this.opened && data instanceof Uint8Array) this.#member.connection.write(data);
  }

  close(code = 1000, reason = ''): void {
    this.#member.connection.close(code, reason);
  }
}

function sessionOf({ address }: Member): string | null {
  const separator = address.indexOf('\0');
  return separator === -1 ? null : address.slice(separator + 1);
}
