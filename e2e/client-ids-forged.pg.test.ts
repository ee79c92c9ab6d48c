import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import * as Y from 'yjs';
import { readContent } from '../document/read.ts';
import { toText } from '../document/text.ts';
import { testDatabase } from '../persistence/testing.ts';
import { SyncType } from '../protocol/frames.ts';
import type { Random } from './faults/fault.ts';
import { wordsIn } from './faults/typist.ts';
import { guest, LivePath } from './live-path.ts';
import { RawSocket, syncFrame } from './raw-socket.ts';
import { seededRandom } from './seeded-random.ts';
import { until } from './wait.ts';
import { paragraphText, WriterClient } from './writer-client.ts';

const NAME = 'plan';
const ROUNDS = 150;

/** Signed in as who they say they are. */
const access = {
  identify: async (sub: string) => ({ ...guest(), sub, verified: true, expiresAt: Date.now() + 3_600_000 }),
  isRevoked: () => false,
  onRevocation: () => () => {},
};

it(`[P1] [S1] ${ROUNDS} forgeries of what two people will write next, while they write, change nothing of it`, async (t) => {
  const random = seededRandom();
  t.diagnostic(`seed ${random.seed}`);
  const database = await testDatabase();
  t.after(() => database.stop());
  const path = await LivePath.start(database.url, undefined, { access });
  t.after(() => path.stop());
  const people = [await writer(t, path, 'ann'), await writer(t, path, 'bob')];
  const closes: number[] = [];
  for (const { socket } of people) socket.on('close', ({ event }: { event: { code: number } }) => closes.push(event.code));

  const words: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const [at, person] of people.entries()) {
      words.push(`[p${at}#${round}]`);
      person.text.insert(0, words.at(-1)!);
    }
    await forge(path, people[random.below(2)]!, random);
  }

  for (const person of people) await person.allSaved();
  assert.deepEqual(closes, [], 'neither lost the socket');
  const fresh = await writer(t, path, 'carl');
  const shown = () => [...people, fresh].map((person) => person.text.toString());
  await until('all show the same', () => new Set(shown()).size === 1);
  const counts = wordsIn(toText(readContent(fresh.document)));
  assert.deepEqual([...counts.keys()].sort(), words.toSorted());
  assert.ok([...counts.values()].every((count) => count === 1));
  assert.ok(!shown()[0]!.includes('forged'));
});

async function writer(t: TestContext, path: LivePath, token: string): Promise<WriterClient> {
  const client = new WriterClient(path.collab, NAME, undefined, token);
  t.after(() => client.close());
  await client.synced();
  return client;
}

/** Eve writes on as somebody else, from where they are, further on or where others are, and waits for what becomes of it. */
async function forge(path: LivePath, { document }: WriterClient, random: Random): Promise<void> {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(document));
  copy.clientID = document.clientID;
  for (let ahead = random.below(3); ahead > 0; ahead--) paragraphText(copy).insert(0, 'ahead');
  const before = random.below(2) === 0 ? Y.encodeStateVector(copy) : Y.encodeStateVector(document);
  const text = paragraphText(copy);
  text.insert(random.below(text.length + 1), 'forged');
  const eve = await RawSocket.into(path.collab, NAME, 'eve');
  eve.send(syncFrame(NAME, random.below(2) === 0 ? SyncType.Update : SyncType.Step2, Y.encodeStateAsUpdate(copy, before)));
  await eve.closeCode();
}
