import * as Y from 'yjs';
import { documentOf } from './document-of.ts';

/** Whether two sets of updates (V1) make the same document, with what waits for its dependencies. */
export function makeSameDocument(one: readonly Uint8Array[], other: readonly Uint8Array[]): boolean {
  const [a, b] = [documentOf(one), documentOf(other)];
  const same = Y.equalSnapshots(Y.snapshot(a), Y.snapshot(b)) && waits(a) === waits(b);
  a.destroy();
  b.destroy();
  return same;
}

function waits({ store: { pendingStructs, pendingDs } }: Y.Doc): boolean {
  return pendingStructs !== null || pendingDs !== null;
}
