import * as Y from 'yjs';

/** What somebody lacks of a document: structs, and how long they are together, letters and elements. */
export interface Lack {
  readonly structs: number;
  readonly length: number;
}

/** What a client with these clocks lacks. It is counted without a look at each struct. */
export function lackOf({ store }: Y.Doc, clocks: ReadonlyMap<number, number>): Lack {
  let [structs, length] = [0, 0];
  for (const [client, own] of store.clients) {
    const [known, clock] = [clocks.get(client) ?? 0, Y.getState(store, client)];
    if (known >= clock) continue;
    structs += own.length - Y.findIndexSS(own, known);
    length += clock - known;
  }
  return { structs, length };
}
