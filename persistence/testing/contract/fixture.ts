import { randomInt } from 'node:crypto';
import type { TestContext } from 'node:test';
import type { Append, DocumentHandle, DocumentStore, LoadedDocument } from '../../document-store.ts';

/** Makes an empty database; what it returns opens a store on it. */
export type FreshDatabase = () => Promise<() => Promise<DocumentStore>>;

/** Stores on one empty database, closed when the test ends. */
export async function open(t: TestContext, fresh: FreshDatabase, nodes = 1): Promise<DocumentStore[]> {
  const openStore = await fresh();
  const stores = await Promise.all(Array.from({ length: nodes }, openStore));
  t.after(() => Promise.all(stores.map((store) => store.close())));
  return stores;
}

export async function openOne(t: TestContext, fresh: FreshDatabase): Promise<DocumentStore> {
  const [store] = await open(t, fresh);
  return store as DocumentStore;
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function entry(handle: DocumentHandle, text: string, author: string | null = null): Append {
  return { handle, update: bytes(text), author };
}

export async function handleOf(store: DocumentStore, name: string): Promise<DocumentHandle> {
  return (await store.load(name)).handle;
}

/** A merge that shows an update lost, doubled or out of order, which Yjs' own would hide. */
export const concatenate = (snapshot: Uint8Array | null, updates: readonly Uint8Array[]): Uint8Array =>
  Buffer.concat([snapshot ?? new Uint8Array(), ...updates]);

/** Everything a document holds, as one text, when its updates were texts. */
export function textOf({ snapshot, updates }: LoadedDocument): string {
  return Buffer.from(concatenate(snapshot, updates)).toString();
}

/** Repeatable numbers below a limit (a linear congruential generator); the seed is in the test's output. */
export function seeded(t: TestContext, seed = randomInt(2 ** 31)): (below: number) => number {
  t.diagnostic(`seed ${seed}`);
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export function shuffle<T>(items: readonly T[], random: (below: number) => number): T[] {
  const shuffled = [...items];
  for (let index = shuffled.length - 1; index > 0; index--) {
    const other = random(index + 1);
    [shuffled[index], shuffled[other]] = [shuffled[other] as T, shuffled[index] as T];
  }
  return shuffled;
}
