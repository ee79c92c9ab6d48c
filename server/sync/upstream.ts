import { type Connection, Document, type Hocuspocus } from '@hocuspocus/server';

/**
 * Where Hocuspocus' types are bent, and nowhere else. What is used here is private upstream and may
 * move in any release; `upstream.test.ts` fails when it does.
 */

/** What a `Room` replaces; the constructor binds the first two to the document's and the awareness' events. */
interface Replaceable {
  handleUpdate(update: Uint8Array, origin: unknown): unknown;
  handleAwarenessUpdate(change: AwarenessChange, origin: unknown): unknown;
  flush(): unknown;
  addConnection(connection: Connection): Document;
  removeConnection(connection: Connection): Document;
  emit(...event: Parameters<Document['emit']>): void;
}

/** `Document` with its private event handlers open to a subclass. */
export const OpenDocument = Document as unknown as new (
  name: string,
  yDocOptions: { readonly gc: boolean },
  flush: { readonly flushDelay: false },
) => Omit<Document, keyof Replaceable> & Replaceable;

/** Awareness client ids that came, changed and went. */
export interface AwarenessChange {
  readonly added: readonly number[];
  readonly updated: readonly number[];
  readonly removed: readonly number[];
}

/** Whether the connection still has messages in Hocuspocus' own queue, which later ones must not overtake. */
export function hasQueuedMessages(connection: Connection): boolean {
  return (connection as unknown as { messageQueue: Uint8Array[] }).messageQueue.length > 0;
}

/** The connection an update came through, or `null` when it did not come through one. */
export function connectionOf(origin: unknown): Connection | null {
  return (origin as { connection?: Connection } | null | undefined)?.connection ?? null;
}

/** One socket as Hocuspocus sees it: `ClientConnection`, which it does not export. */
export type Client = ReturnType<Hocuspocus['handleConnection']>;

/**
 * Lets a connection keep documents by whatever name they have. Upstream looks them up in plain objects,
 * where a document called "constructor" finds what every object has, and prints a trace for whoever asks for it.
 */
export function keepAnyName(client: Client): void {
  const { documentConnections, incomingMessageQueue, incomingMessageQueueBytes, hookPayloads } = client as unknown as Record<
    string,
    object
  >;
  for (const byName of [documentConnections, incomingMessageQueue, incomingMessageQueueBytes, hookPayloads]) {
    Object.setPrototypeOf(byName, null);
  }
}

/** What `Hocuspocus.handleConnection` takes as a request; it reads the URL and the headers only. A web `Request` costs 3 KB a socket. */
export type RequestLike = Parameters<Hocuspocus['handleConnection']>[1];
