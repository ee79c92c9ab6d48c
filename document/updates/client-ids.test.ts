import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as Y from 'yjs';
import { SERVER_SUB } from '../../protocol/identity.ts';
import { AUTHORS_AWAITED_MS, type ClientIds, type ClientUpdate, checkClientIds } from './client-ids.ts';
import { without } from './sound-update.ts';

const ANN_TABLET = 6;
const ANN = 7;
const BOB = 8;
const SERVER = 9;
const FORMER_SERVER = 10;
const OWNERS = new Map([
  [ANN, 'ann'],
  [ANN_TABLET, 'ann'],
  [BOB, 'bob'],
  [FORMER_SERVER, SERVER_SUB],
]);

/** A document that everybody above has written in. */
function scene({ ageMs = AUTHORS_AWAITED_MS, present = new Map<number, string>() } = {}) {
  const document = new Y.Doc();
  for (const client of [...OWNERS.keys(), SERVER]) Y.applyUpdate(document, written(document, client));
  const ids: ClientIds = {
    serverId: SERVER,
    ageMs,
    clockOf: (client) => Y.getState(document.store, client),
    ownerOf: (client) => OWNERS.get(client),
    presentAs: (client) => present.get(client),
  };
  return { document, ids };
}

/** What somebody adds under a client id who has everything. */
function written(document: Y.Doc, client: number): Uint8Array {
  const theirs = new Y.Doc();
  Y.applyUpdate(theirs, Y.encodeStateAsUpdate(document));
  const before = Y.encodeStateVector(theirs);
  theirs.clientID = client;
  theirs.getText('default').insert(0, 'word');
  return Y.encodeStateAsUpdate(theirs, before);
}

function typed(update: Uint8Array): ClientUpdate {
  return { update, structs: Y.decodeUpdate(update).structs, isReply: false };
}

/** The same as an answer to the server's Step1. */
function brought(update: Uint8Array): ClientUpdate {
  return { ...typed(update), isReply: true };
}

/** An update that holds these, as no Yjs would write it. */
function made(...structs: ClientUpdate['structs']): ClientUpdate {
  return { update: new Uint8Array(), structs, isReply: false };
}

/** What is claimed by an update that is taken whole. */
function claimed(update: ClientUpdate, sub: string, ids: ClientIds): number[] {
  const { claims, awaited } = checkClientIds(update, sub, ids);
  assert.equal(awaited, null);
  return [...claims].sort();
}

/** The client ids whose authors are awaited. */
function awaitedIn(update: ClientUpdate, sub: string, ids: ClientIds): number[] {
  const { claims, awaited } = checkClientIds(update, sub, ids);
  assert.deepEqual(claims, []);
  return [...(awaited?.keys() ?? [])].sort();
}

const TAKEN = { code: 'client-id-taken' };

describe('an update of somebody signed in', () => {
  it('[P1] is taken under each of their own client ids, and claims nothing more', () => {
    const { document, ids } = scene();
    for (const client of [ANN, ANN_TABLET]) assert.deepEqual(claimed(typed(written(document, client)), 'ann', ids), []);
  });

  it('[P1] claims the client ids that nobody has, old ones of a time offline as well', () => {
    const { document, ids } = scene();
    const both = Y.mergeUpdates([written(document, 100), written(document, 200), written(document, ANN)]);
    for (const update of [typed(both), brought(both)]) assert.deepEqual(claimed(update, 'ann', ids), [100, 200]);
  });

  it("[P1] is refused under somebody else's, whatever else is in it", () => {
    const { document, ids } = scene();
    const forged = written(document, BOB);
    for (const update of [forged, Y.mergeUpdates([written(document, ANN), forged, written(document, 100)])]) {
      assert.throws(() => checkClientIds(typed(update), 'ann', ids), TAKEN);
      assert.throws(() => checkClientIds(brought(update), 'ann', ids), TAKEN);
    }
  });

  it('[P1] may send again what the document holds, whoever wrote it', () => {
    const { document, ids } = scene();
    assert.deepEqual(claimed(brought(Y.encodeStateAsUpdate(document)), 'eve', ids), []);
    assert.deepEqual(claimed(typed(Y.encodeStateAsUpdate(document)), 'eve', ids), []);
  });

  it('[P1] is refused when what it sends again goes on a little further', () => {
    const { document, ids } = scene();
    const further = new Y.Doc();
    Y.applyUpdate(further, Y.encodeStateAsUpdate(document));
    Y.applyUpdate(further, written(further, BOB));
    assert.throws(() => checkClientIds(brought(Y.encodeStateAsUpdate(further)), 'ann', ids), TAKEN);
    const [known] = Y.decodeUpdate(Y.encodeStateAsUpdate(document)).structs.filter(({ id }) => id.client === BOB);
    assert.throws(() => checkClientIds(made(new Y.GC(known!.id, known!.length + 1)), 'ann', ids), TAKEN);
  });

  it('[P1] is refused for what Yjs would only park, and when it names an id a second time', () => {
    const { ids } = scene();
    const early = new Y.GC(Y.createID(BOB, ids.clockOf(BOB) + 5), 1);
    const [known, own] = [new Y.GC(Y.createID(BOB, 0), 1), new Y.GC(Y.createID(ANN, 0), 1)];
    for (const structs of [[early], [known, early], [early, own, known], [known, own, early]]) {
      assert.throws(() => checkClientIds(made(...structs), 'ann', ids), TAKEN);
    }
    assert.deepEqual(claimed(made(known, own, known), 'ann', ids), []);
  });

  it('may leave gaps and delete: neither is written under an id', () => {
    const { document, ids } = scene();
    assert.deepEqual(claimed(made(new Y.Skip(Y.createID(BOB, 0), 1_000)), 'ann', ids), []);
    const before = Y.encodeStateVector(document);
    document.getText('default').delete(0, document.getText('default').length);
    const deletion = typed(Y.encodeStateAsUpdate(document, before));
    assert.ok(Y.decodeUpdate(deletion.update).ds.clients.size > 1);
    assert.deepEqual(claimed(deletion, 'ann', ids), []);
  });

  it("[P1] is refused under the server's own id; what the server wrote under one of its past may be brought back", () => {
    const { document, ids } = scene({ present: new Map([[SERVER, 'ann']]) });
    assert.throws(() => checkClientIds(typed(written(document, SERVER)), 'ann', ids), TAKEN);
    assert.throws(() => checkClientIds(brought(written(document, SERVER)), 'ann', ids), TAKEN);
    assert.throws(() => checkClientIds(typed(written(document, FORMER_SERVER)), 'ann', ids), TAKEN);
    assert.deepEqual(claimed(brought(written(document, FORMER_SERVER)), 'ann', ids), []);
  });

  it('[P1] is refused under the id that somebody is present under, though they have not written yet', () => {
    const { document, ids } = scene({ present: new Map([[100, 'bob']]) });
    assert.throws(() => checkClientIds(typed(written(document, 100)), 'ann', ids), TAKEN);
    assert.deepEqual(claimed(typed(written(document, 100)), 'bob', ids), [100]);
  });
});

describe('in the first half minute of a document in memory', () => {
  const ageMs = AUTHORS_AWAITED_MS - 1;

  it('[S3] what somebody brings along of another waits for its author, and what is theirs does not', () => {
    const { document, ids } = scene({ ageMs });
    assert.deepEqual(awaitedIn(brought(written(document, BOB)), 'ann', ids), [BOB]);
    assert.deepEqual(awaitedIn(brought(written(document, SERVER)), 'ann', ids), [SERVER]);
    const both = Y.mergeUpdates([written(document, ANN), written(document, BOB)]);
    const { awaited } = checkClientIds(brought(both), 'ann', ids);
    assert.deepEqual(awaited, new Map([[BOB, ids.clockOf(BOB) + 4]]));
    const left = Y.decodeUpdate(without(both, awaited!)).structs.map(({ id }) => id.client);
    assert.deepEqual(left, [ANN]);
  });

  it('[P1] what they write under the name of another is refused at once', () => {
    const { document, ids } = scene({ ageMs });
    assert.throws(() => checkClientIds(typed(written(document, BOB)), 'ann', ids), TAKEN);
  });

  it('[P1] an id that nobody has is theirs when they are present under it, and may be that of an author whose claim was lost otherwise', () => {
    const { document, ids } = scene({
      ageMs,
      present: new Map([
        [100, 'ann'],
        [200, 'bob'],
      ]),
    });
    assert.deepEqual(claimed(brought(written(document, 100)), 'ann', ids), [100]);
    assert.deepEqual(awaitedIn(brought(written(document, 200)), 'ann', ids), [200]);
    assert.deepEqual(awaitedIn(brought(written(document, 300)), 'ann', ids), [300]);
    assert.deepEqual(claimed(typed(written(document, 300)), 'ann', ids), [300]);
    assert.deepEqual(claimed(brought(written(document, 300)), 'ann', scene().ids), [300]);
  });
});
