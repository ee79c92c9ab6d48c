import type { Document } from '@hocuspocus/server';
import { FromMember, FromServer } from '../origin.ts';
import { MemberPresence } from '../presence.ts';
import { forgetTransactions } from '../room-doc.ts';
import type { HostedConnection } from './hosted-connection.ts';
import { type AwarenessChange, OpenDocument } from './upstream.ts';

/** What a hosted document asks of its host. */
export interface DocumentHost {
  /** The connection of a member, as extensions know it. */
  connectionOf(member: unknown): HostedConnection | undefined;
  /** The document has changed; `origin` is in upstream's shape. */
  onUpdate(document: Document, origin: unknown, update: Uint8Array): void;
  onAwareness(document: Document, change: AwarenessChange, origin: unknown): void;
}

/**
 * The Y.Doc of a room that extensions can reach: a real Hocuspocus `Document`, but for sending what
 * changes to clients, which the room does.
 */
export class HostedDocument extends OpenDocument {
  /** Set once it is loaded: what is read from the log is no change. */
  host: DocumentHost | null = null;

  constructor(name: string, yDocOptions: object) {
    super(name, { ...yDocOptions, gc: true }, { flushDelay: false });
    this.on('afterAllTransactions', forgetTransactions);
  }

  get asUpstream(): Document {
    return this as unknown as Document;
  }

  override handleUpdate(update: Uint8Array, origin: unknown): void {
    this.lastChangeTime = Date.now();
    this.host?.onUpdate(this.asUpstream, this.#originOf(origin), update);
  }

  override handleAwarenessUpdate(change: AwarenessChange, origin: unknown): void {
    const shown = this.#originOf(origin);
    const connection = (shown as { connection?: HostedConnection } | null)?.connection;
    const clients = connection === undefined ? undefined : this.connections.get(connection)?.clients;
    for (const id of change.added) clients?.add(id);
    for (const id of change.removed) clients?.delete(id);
    this.host?.onAwareness(this.asUpstream, change, shown);
  }

  /** The origin of a transaction in upstream's shape. */
  #originOf(origin: unknown): unknown {
    if (origin instanceof FromServer) return { source: 'local', context: { author: origin.author } };
    const member = origin instanceof FromMember || origin instanceof MemberPresence ? origin.member : null;
    if (member === null) return typeof origin === 'symbol' ? { source: 'local' } : origin;
    const connection = this.host?.connectionOf(member);
    return connection === undefined ? { source: 'local' } : { source: 'connection', connection };
  }
}
