import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness';
import * as Y from 'yjs';
import type { ClientFrame } from '../../../protocol/client-frames.ts';
import type { Codec } from '../../../protocol/codec.ts';
import { SyncType } from '../../../protocol/frames.ts';

/** What a Sync frame is to `beforeSync`; `null` for any other frame. */
export function syncOf(frame: ClientFrame, codec: Codec): { readonly type: number; readonly payload: Uint8Array } | null {
  if (frame.message === null || !/^Sync(Reply)?\./.test(frame.message)) return null;
  const kind = frame.message.slice(frame.message.indexOf('.') + 1) as keyof typeof SyncType;
  return { type: SyncType[kind], payload: codec.payload(frame) };
}

/** The states of an awareness update, for hooks to change in place; `encode` then gives the update. Those who leave are kept as they are. */
export function openAwareness(update: Uint8Array): {
  readonly states: Map<number, Record<string, unknown>>;
  encode(): Uint8Array;
  close(): void;
} {
  const document = new Y.Doc();
  const awareness = new Awareness(document);
  awareness.setLocalState(null);
  // A client that leaves is noticed only where it was: a state first, so that the update takes it away.
  applyAwarenessUpdate(awareness, update, null);
  const left = [...awareness.meta.keys()].filter((id) => !awareness.states.has(id) && id !== awareness.clientID);
  return {
    states: awareness.states as Map<number, Record<string, unknown>>,
    encode() {
      for (const id of awareness.states.keys()) if (!awareness.meta.has(id)) awareness.meta.set(id, { clock: 1, lastUpdated: 0 });
      return encodeAwarenessUpdate(awareness, [...awareness.states.keys(), ...left]);
    },
    close: () => document.destroy(),
  };
}
