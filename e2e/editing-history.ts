import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import * as Y from 'yjs';
import { paragraphText } from './writer-client.ts';

/** [position, characters deleted, text inserted], in Unicode code points. */
type Patch = [number, number, string];

const EMPTY: Uint8Array = new Uint8Array([0, 0]);

/** A concurrent history as recorded; a transaction's positions refer to the document after its parents. */
interface History {
  readonly endContent: string;
  readonly numAgents: number;
  readonly txns: readonly { readonly parents: readonly number[]; readonly agent: number; readonly patches: readonly Patch[] }[];
}

/** One transaction as its author's provider would send it. */
export interface AuthoredUpdate {
  readonly agent: number;
  readonly update: Uint8Array;
  /** What its author had seen: a state vector, Yjs client id → clock. */
  readonly seen: ReadonlyMap<number, number>;
}

/** A history as Yjs updates, in an order in which each comes after what it builds on. */
export interface Authored {
  readonly endContent: string;
  readonly agents: number;
  /** The empty paragraph that everything is typed into. */
  readonly start: Uint8Array;
  readonly updates: readonly AuthoredUpdate[];
}

/**
 * Plays a concurrent history on one document per agent, each of which has received exactly what its
 * author had seen, so that positions are right; a live replay then only delivers the updates.
 */
export async function authorUpdates(file: URL): Promise<Authored> {
  const history = JSON.parse(gunzipSync(await readFile(file)).toString()) as History;
  const startDocument = new Y.Doc();
  startDocument.clientID = 1;
  paragraphText(startDocument);
  const start = Y.encodeStateAsUpdate(startDocument);

  const agents = Array.from({ length: history.numAgents }, (_, agent) => {
    const document = new Y.Doc();
    document.clientID = 1_000 + agent;
    Y.applyUpdate(document, start);
    return { document, text: paragraphText(document), received: new Array<number>(history.numAgents).fill(0) };
  });
  const byAgent: Uint8Array[][] = agents.map(() => []);
  const seenAt: number[][] = [];
  const updates: AuthoredUpdate[] = [];

  for (const [index, txn] of history.txns.entries()) {
    const author = agents[txn.agent]!;
    const seen = agents.map((_, agent) => Math.max(0, ...txn.parents.map((parent) => seenAt[parent]![agent]!)));
    for (const [agent, count] of seen.entries()) {
      if (agent === txn.agent) continue;
      for (const update of byAgent[agent]!.slice(author.received[agent], count)) Y.applyUpdate(author.document, update);
      author.received[agent] = Math.max(author.received[agent]!, count);
    }
    const stateSeen = Y.decodeStateVector(Y.encodeStateVector(author.document));
    // The event's bytes, as a provider sends them: `encodeStateAsUpdate` would add every deletion ever made.
    let update: Uint8Array = EMPTY;
    author.document.once('update', (bytes: Uint8Array) => {
      update = bytes;
    });
    author.document.transact(() => {
      for (const [at, deleted, inserted] of txn.patches) {
        if (deleted > 0) author.text.delete(at, deleted);
        if (inserted !== '') author.text.insert(at, inserted);
      }
    });
    byAgent[txn.agent]!.push(update);
    seen[txn.agent] = byAgent[txn.agent]!.length;
    seenAt[index] = seen;
    updates.push({ agent: txn.agent, update, seen: stateSeen });
  }
  for (const { document } of agents) document.destroy();
  return { endContent: history.endContent, agents: history.numAgents, start, updates };
}
