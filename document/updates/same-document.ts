import * as Y from 'yjs';

/** Whether two sets of updates (V1) make the same document, with what waits for its dependencies. */
export function makeSameDocument(one: readonly Uint8Array[], other: readonly Uint8Array[]): boolean {
  const [a, b] = [documentOf(one), documentOf(other)];
  const same = Y.equalSnapshots(Y.snapshot(a), Y.snapshot(b)) && waits(a) === waits(b);
  a.destroy();
  b.destroy();
  return same;
}

function documentOf(updates: readonly Uint8Array[]): Y.Doc {
  const document = new Y.Doc();
  document.transact(() => {
    for (const update of updates) Y.applyUpdate(document, update);
  });
  return document;
}

function waits({ store: { pendingStructs, pendingDs } }: Y.Doc): boolean {
  return pendingStructs !== null || pendingDs !== null;
}
