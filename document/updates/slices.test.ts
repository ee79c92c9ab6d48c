import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { describe, it } from 'node:test';
import * as Y from 'yjs';
import { type SliceLimits, slicesOf } from './slices.ts';
import { isSound, retryParked } from './sound-update.ts';
import { numbers } from './testing.ts';

const ROUNDS = 400;
const LIMITS: SliceLimits = { structs: 3, clocks: 7 };

type Below = (limit: number) => number;

/** Cuts an update for a document. */
function cut(update: Uint8Array, document: Y.Doc, limits = LIMITS) {
  return slicesOf(Y.decodeUpdate(update), Y.decodeStateVector(Y.encodeStateVector(document)), limits);
}

function copyOf(document: Y.Doc): Y.Doc {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(document));
  return copy;
}

/** Changes something: a text with marks, a list, a map, elements in elements. */
function change(document: Y.Doc, below: Below): void {
  const text = document.getText('text');
  const list = document.getArray<unknown>('list');
  const map = document.getMap('map');
  const tree = document.getXmlFragment('tree');
  const kinds: (() => void)[] = [
    () => text.insert(below(text.length + 1), 'etaoin shrdlu cmfwyp'.slice(below(19))),
    () => text.insert(below(text.length + 1), 'x'),
    () => text.length > 0 && text.delete(below(text.length), 1),
    () => {
      const from = below(text.length + 1);
      text.delete(from, Math.min(text.length - from, 12));
    },
    () => {
      const from = below(text.length + 1);
      text.format(from, Math.min(text.length - from, 5), { bold: below(2) === 0 ? true : null });
    },
    () =>
      list.insert(
        below(list.length + 1),
        Array.from({ length: 1 + below(12) }, (_, at) => at),
      ),
    () => list.length > 0 && list.delete(below(list.length), 1),
    () => void map.set(`key ${below(4)}`, below(9)),
    () => map.delete(`key ${below(4)}`),
    () => {
      const element = new Y.XmlElement('p');
      element.setAttribute('n', String(below(9)));
      element.insert(0, [new Y.XmlText('words in it, and more')]);
      tree.insert(below(tree.length + 1), [element]);
    },
    () => tree.length > 0 && tree.delete(below(tree.length), 1),
    () => {
      const element = tree.length > 0 ? (tree.get(below(tree.length)) as Y.XmlElement) : null;
      (element?.get(0) as Y.XmlText | undefined)?.insert(0, 'deep');
    },
  ];
  kinds[below(kinds.length)]!();
}

/** What it says, letter by letter: how Yjs has cut a text into items is nobody's business. */
function said(document: Y.Doc): unknown[] {
  const letters = (document.getText('text').toDelta() as { insert: string; attributes?: object }[]).flatMap(({ insert, attributes }) =>
    [...insert].map((letter) => [letter, Object.entries(attributes ?? {}).filter(([, value]) => value !== null)]),
  );
  return [
    letters,
    document.getArray('list').toJSON(),
    document.getMap('map').toJSON(),
    document.getXmlFragment('tree').toString(),
    [...Y.decodeStateVector(Y.encodeStateVector(document))].sort(([a], [b]) => a - b),
  ];
}

/** Whether Yjs has parked anything. */
function waits({ store }: Y.Doc): boolean {
  return store.pendingStructs !== null || store.pendingDs !== null;
}

/** People who write at once and hear of each other now and then; the updates of all, in the order of their making. */
function history(below: Below): { people: Y.Doc[]; updates: Uint8Array[] } {
  const people = Array.from({ length: 3 }, (_, at) => {
    const person = new Y.Doc();
    person.clientID = 1 + ((at * 7 + below(5)) % 31) * 10 + at;
    return person;
  });
  const updates: Uint8Array[] = [];
  for (const person of people) person.on('update', (update: Uint8Array, origin) => origin !== 'heard' && updates.push(update));
  for (let step = 0; step < 60; step++) {
    const person = people[below(3)]!;
    if (below(4) > 0) person.transact(() => change(person, below));
    else {
      const other = people[below(3)]!;
      Y.applyUpdate(person, Y.encodeStateAsUpdate(other, Y.encodeStateVector(person)), 'heard');
    }
  }
  return { people, updates };
}

describe('an update in slices', () => {
  it(`[L4] does what the whole does, whatever came before, comes between and comes late, ${ROUNDS} times`, (t) => {
    const seed = Number(process.env.SEED ?? randomInt(2 ** 31));
    t.diagnostic(`seed ${seed}`);
    const below = numbers(seed);
    let cuts = 0;
    let partial = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const { people, updates } = history(below);
      const known = new Y.Doc();
      // All of a time, in which nothing waits, or some of all times.
      const until = below(updates.length);
      for (const [at, update] of updates.entries()) if (round % 2 === 0 ? at < until : below(3) === 0) Y.applyUpdate(known, update);
      const author = people[below(3)]!;
      // What somebody brings who was offline, or a run of edits, of which some may be missing.
      const from = below(updates.length);
      const run = updates.slice(from, from + 1 + below(20));
      const whole = below(2) === 0 ? Y.encodeStateAsUpdate(author, Y.encodeStateVector(known)) : Y.mergeUpdates(run);
      const [atOnce, inSlices] = [copyOf(known), copyOf(known)];
      const { slices, isPartial } = cut(whole, known);
      cuts += slices.length;
      partial += isPartial ? 1 : 0;
      Y.applyUpdate(atOnce, whole);
      // A document in which nothing waits takes each slice whole, unless it lacks what the update depends on.
      const isQuiet = !isPartial && !waits(known) && round % 4 === 0;
      const between = isQuiet ? [] : updates.filter(() => below(8) === 0);
      for (const slice of slices) {
        assert.ok(isSound(Y.decodeUpdate(slice)));
        Y.applyUpdate(inSlices, slice);
        assert.ok(!isQuiet || !waits(inSlices), `round ${round}: a slice comes too early`);
        const other = below(3) === 0 ? between.pop() : undefined;
        for (const document of [atOnce, inSlices]) if (other !== undefined) Y.applyUpdate(document, other);
      }
      if (isPartial) Y.applyUpdate(inSlices, whole);
      for (const document of [atOnce, inSlices]) retryParked(document);
      assert.deepEqual([waits(inSlices), ...said(inSlices)], [waits(atOnce), ...said(atOnce)], `round ${round}`);
      for (const document of [atOnce, inSlices]) for (const update of updates) Y.applyUpdate(document, update);
      assert.deepEqual(said(inSlices), said(atOnce), `round ${round}, at the end`);
    }
    assert.ok(cuts > 3 * ROUNDS && partial > ROUNDS / 20, `${cuts} slices, ${partial} partial`);
  });

  it('is read as Yjs reads it when it names a client twice: the last time counts', () => {
    const [one, two] = [1, 2].map((length) => {
      const document = new Y.Doc();
      document.clientID = 7;
      document.getArray('list').insert(
        0,
        Array.from({ length }, () => length),
      );
      return Y.encodeStateAsUpdate(document);
    });
    // Two sections, and no deletions.
    const twice = Uint8Array.from([2, ...one!.subarray(1, -1), ...two!.subarray(1, -1), 0]);
    const [atOnce, inSlices] = [new Y.Doc(), new Y.Doc()];
    Y.applyUpdate(atOnce, twice);
    for (const slice of cut(twice, inSlices).slices) Y.applyUpdate(inSlices, slice);
    assert.deepEqual(inSlices.getArray('list').toJSON(), [2, 2]);
    assert.deepEqual(said(inSlices), said(atOnce));
  });

  it('cuts a long text between characters, and leaves the entries of a map whole', () => {
    const document = new Y.Doc();
    document.getText('text').insert(0, `a${'😀'.repeat(50)}`);
    document.getMap('map').set('key', 'a long value that is one element');
    const { slices, isPartial } = cut(Y.encodeStateAsUpdate(document), new Y.Doc());
    assert.equal(isPartial, false);
    assert.ok(slices.length > 7);
    const taken = new Y.Doc();
    for (const slice of slices) Y.applyUpdate(taken, slice);
    assert.deepEqual(said(taken), said(document));
    assert.equal(taken.store.clients.get(document.clientID)?.length, document.store.clients.get(document.clientID)?.length);
  });
});
