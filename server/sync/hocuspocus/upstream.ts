import { type Connection, Document } from '@hocuspocus/server';

/**
 * Where Hocuspocus is bent. Each bend is private upstream and may move in any release;
 * `upstream.test.ts` has a test for each, which fails when it does.
 *
 * 1. `Document` binds its private `handleUpdate` and `handleAwarenessUpdate` to its own events: a
 *    subclass replaces both, for the room broadcasts.
 * 2. `Connection.readOnly` is a data property: an accessor on the instance takes its place.
 * 3. `Connection`'s constructor sends everyone's presence to its socket, which is not open yet.
 */

/** What a hosted document replaces. */
interface Replaceable {
  handleUpdate(update: Uint8Array, origin: unknown): unknown;
  handleAwarenessUpdate(change: AwarenessChange, origin: unknown): unknown;
}

/** Awareness client ids that came, changed and went (y-protocols). */
export interface AwarenessChange {
  readonly added: readonly number[];
  readonly updated: readonly number[];
  readonly removed: readonly number[];
}

/** `Document` with its private event handlers open to a subclass. */
export const OpenDocument = Document as unknown as new (
  name: string,
  yDocOptions: object,
  flush: { readonly flushDelay: false },
) => Omit<Document, keyof Replaceable> & Replaceable;

/** Puts an accessor where a connection has `readOnly`. */
export function onReadOnly(connection: Connection, get: () => boolean, set: (readOnly: boolean) => void): void {
  Object.defineProperty(connection, 'readOnly', { get, set, enumerable: true, configurable: true });
}
