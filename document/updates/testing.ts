import * as Y from 'yjs';

/** The updates of two people who type and delete in one text. */
export function conversation(below: (limit: number) => number): Uint8Array[] {
  const people = [new Y.Doc(), new Y.Doc()];
  const updates: Uint8Array[] = [];
  for (const [at, person] of people.entries()) {
    person.clientID = 1 + below(2 ** 31);
    person.on('update', (change: Uint8Array, origin: unknown) => {
      if (origin === 'received') return;
      updates.push(change);
      Y.applyUpdate(people[1 - at]!, change, 'received');
    });
  }
  for (let edit = 0; edit < 300; edit++) {
    const text = people[below(2)]!.getText('default');
    const at = below(text.length + 1);
    if (below(4) === 0 && at < text.length) text.delete(at, 1 + below(Math.min(10, text.length - at)));
    else text.insert(at, 'etaoin shrdlu'.slice(below(12)), below(8) === 0 ? { bold: {} } : undefined);
  }
  return updates;
}

/** A recorded update with bits flipped, or the head of one and the tail of another. */
export function mutated(updates: readonly Uint8Array[], below: (limit: number) => number): Uint8Array {
  const bytes = updates[below(updates.length)]!.slice();
  const other = updates[below(updates.length)]!;
  if (below(2) === 0) return Buffer.concat([bytes.subarray(0, below(bytes.length)), other.subarray(below(other.length))]);
  for (let flips = 1 + below(6); flips > 0; flips--) bytes[below(bytes.length)]! ^= 1 << below(8);
  return bytes;
}

/** Repeatable numbers below a limit (a linear congruential generator). */
export function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
