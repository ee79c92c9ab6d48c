import type { beforeHandleAwarenessPayload } from '@hocuspocus/server';
import type { ClientFrame } from '../../../protocol/client-frames.ts';
import type { Member } from '../member.ts';
import { openAwareness, syncOf } from './frames.ts';
import type { HostedConnection } from './hosted-connection.ts';
import type { HostedHocuspocus } from './instance.ts';
import { described, type Visitor } from './visitors.ts';

/** Frames of a member that may wait for hooks, before the client is read no further. */
const MAX_WAITING = 64;

/** The hooks around a frame. A member's frames wait for each other's, as they are handled in order. */
export class FrameHooks {
  readonly #instance: HostedHocuspocus;
  readonly #visitorOf: (member: Member) => Visitor | null;
  readonly #waiting = new WeakMap<Member, { count: number; release: (() => void) | null }>();

  constructor(instance: HostedHocuspocus, visitorOf: (member: Member) => Visitor | null) {
    this.#instance = instance;
    this.#visitorOf = visitorOf;
  }

  get isNeeded(): boolean {
    return this.#instance.defines('beforeHandleMessage', 'afterHandleMessage', 'beforeSync', 'beforeHandleAwareness');
  }

  /** See `Hooks.frame`. */
  readonly handle = (member: Member, bytes: Uint8Array, handle: (bytes: Uint8Array) => void): void => {
    const connection = this.#visitorOf(member)?.connection ?? null;
    if (connection === null) {
      handle(bytes);
      return;
    }
    // A copy: the link may use the bytes again.
    const kept = bytes.slice();
    const waiting = this.#waiting.get(member) ?? { count: 0, release: null };
    this.#waiting.set(member, waiting);
    if (++waiting.count > MAX_WAITING) waiting.release ??= member.connection.hold();
    connection.pending = connection.pending
      .then(() => (member.state.kind === 'left' ? undefined : this.#run(member, connection, kept, handle)))
      .catch((error: unknown) => refuse(connection, error))
      .then(() => {
        if (--waiting.count > 0) return;
        waiting.release?.();
        waiting.release = null;
      });
  };

  async #run(member: Member, connection: HostedConnection, bytes: Uint8Array, handle: (bytes: Uint8Array) => void): Promise<void> {
    const instance = this.#instance;
    const { document } = connection;
    const visitor = this.#visitorOf(member);
    if (visitor === null) return;
    const { requestHeaders, requestParameters, socketId, context } = described(visitor);
    const about = () => ({
      instance,
      document,
      documentName: document.name,
      clientsCount: document.getConnectionsCount(),
      connection,
      context,
    });
    const heard = () => ({ ...about(), requestHeaders, requestParameters, socketId, update: bytes });
    await instance.hooks('beforeHandleMessage', heard());
    const frame = member.codec.read(bytes, member.documentName);
    const sync = syncOf(frame, member.codec);
    if (sync !== null) await instance.hooks('beforeSync', { ...about(), ...sync });
    const told =
      frame.message === 'Awareness'
        ? await this.#awareness(member, frame, { ...about(), requestHeaders, requestParameters, socketId })
        : bytes;
    handle(told);
    await instance.notify('afterHandleMessage', heard());
  }

  /** The frame that is left of one with presence. */
  async #awareness(member: Member, frame: ClientFrame, about: About): Promise<Uint8Array> {
    if (!this.#instance.defines('beforeHandleAwareness')) return frame.bytes;
    const opened = openAwareness(member.codec.payload(frame));
    try {
      const { awareness } = about.document;
      const transactionOrigin = { source: 'connection', connection: about.connection };
      await this.#instance.hooks('beforeHandleAwareness', { ...about, awareness, transactionOrigin, states: opened.states });
      return member.codec.presence(frame.address, opened.encode());
    } finally {
      opened.close();
    }
  }
}

/** What `beforeHandleAwareness` is told beside the presence. */
type About = Omit<beforeHandleAwarenessPayload, 'awareness' | 'transactionOrigin' | 'states' | 'connection'> & {
  readonly connection: HostedConnection;
};

/** Ends the stay as upstream does: with the code and reason of the hook, or those of a reset. */
function refuse(connection: HostedConnection, error: unknown): void {
  const { code, reason } = (error ?? {}) as { readonly code?: unknown; readonly reason?: unknown };
  connection.close({ code: typeof code === 'number' ? code : 4205, reason: typeof reason === 'string' ? reason : 'Reset Connection' });
}
