import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { describe, it } from 'node:test';
import * as Y from 'yjs';
import { forgetKnown, isSound } from './sound-update.ts';
import { conversation, mutated, numbers } from './testing.ts';

const MUTANTS = 6_000;
/** A document takes this many before it is looked at and replaced. */
const MUTANTS_PER_DOCUMENT = 500;

/** Damaged updates that Yjs decodes and then throws on, as a seeded mutator found them. */
const UNSOUND = {
  'deletes a range of nothing': '0101efbb8adb05a206a8aca2a7f74efb050177047832393301ece2a7f70e01f30500',
  'stands before what its own client writes later': '0101efbb8a9b058101c4efbb8a9b05b107efbb8a9b05b20703646c7500',
  'names a number past 2^53': '0101acedbfa002ab02c4acedbfa0f387bd7e55f387bd7e560c74616f696e20736872646c7500',
};

describe('an update that decodes', () => {
  for (const [what, hex] of Object.entries(UNSOUND)) {
    it(`[D2] is not sound when it ${what}`, () => {
      assert.equal(isSound(Y.decodeUpdate(Buffer.from(hex, 'hex'))), false);
    });
  }

  it('[D3] is forgotten once parked under a name that the document knows by now, and kept while it is early', () => {
    const [real, forged] = [new Y.Doc(), new Y.Doc()];
    real.clientID = 7;
    real.getText('default').insert(0, 'real');
    forged.getText('default').insert(0, 'unknown');
    const before = Y.encodeStateVector(forged);
    forged.clientID = 7;
    forged.getText('default').insert(3, 'forged');
    const parked = () =>
      Y.decodeUpdateV2(server.store.pendingStructs!.update).structs.map(({ id, length }) => [id.client, id.clock, length]);
    const server = documentOf([Y.encodeStateAsUpdate(forged, before)]);
    forgetKnown(server);
    assert.deepEqual(parked(), [[7, 0, 6]]);
    Y.applyUpdate(server, Y.encodeStateAsUpdate(real));
    forgetKnown(server);
    assert.deepEqual(parked(), [[7, 4, 2]]);
    assert.equal(
      documentOf([Y.encodeStateAsUpdate(server)])
        .getText('default')
        .toString(),
      server.getText('default').toString(),
    );
  });

  it(`[D2] [D3] is taken by Yjs, and the document stays whole, whatever ${MUTANTS} mutants are let through`, (t) => {
    const seed = randomInt(2 ** 31);
    t.diagnostic(`seed ${seed}`);
    const below = numbers(seed);
    const recorded = conversation(below);
    let taken = 0;
    for (let round = 0; round < MUTANTS / MUTANTS_PER_DOCUMENT; round++) {
      const document = documentOf(recorded);
      for (let nth = 0; nth < MUTANTS_PER_DOCUMENT; nth++) {
        const mutant = mutated(recorded, below);
        if (!isTaken(mutant)) continue;
        take(document, mutant);
        taken++;
      }
      // Forged neighbours can contradict each other, and stand in an order of each reader's own.
      assert.deepEqual(letters(documentOf([Y.encodeStateAsUpdate(document)])), letters(document), 'somebody who comes fresh lacks nothing');
    }
    assert.ok(taken > MUTANTS / 20, `only ${taken} were let through`);
  });
});

function isTaken(update: Uint8Array): boolean {
  try {
    return isSound(Y.decodeUpdate(update));
  } catch {
    return false;
  }
}

/** Applies a client's update as the server does. */
function take(document: Y.Doc, update: Uint8Array): void {
  Y.applyUpdate(document, update);
  forgetKnown(document);
}

function documentOf(updates: readonly Uint8Array[]): Y.Doc {
  const document = new Y.Doc();
  document.getText('default');
  for (const update of updates) Y.applyUpdate(document, update);
  return document;
}

function letters(document: Y.Doc): string[] {
  return [...document.getText('default').toString()].sort();
}
