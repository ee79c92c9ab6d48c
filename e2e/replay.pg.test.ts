import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as Y from 'yjs';
import { type Authored, authorUpdates } from './editing-history.ts';
import { seededRandom } from './seeded-random.ts';
import { ServerProcess } from './server-process.ts';
import { paragraphText, WriterClient } from './writer-client.ts';

const KILLS = 5;
const NAME = 'friendsforever';

describe('a recorded history of two people, replayed through a server that is killed on the way', () => {
  let server: ServerProcess;
  let history: Authored;
  before(async () => {
    [server, history] = await Promise.all([
      ServerProcess.start(),
      authorUpdates(new URL('./data/friendsforever.json.gz', import.meta.url)),
    ]);
  });
  after(() => server.dispose());

  it('[S1] [S3] [D4] ends as recorded: in both clients, in the database, and in an export', { timeout: 300_000 }, async (t) => {
    const random = seededRandom();
    t.diagnostic(`seed ${random.seed}`);
    const killAt = Array.from({ length: KILLS }, () => random.below(history.updates.length)).sort((a, b) => a - b);
    const people = Array.from({ length: history.agents }, () => new WriterClient(server.collab, NAME));
    let typed = 0;
    let crash: Promise<void> = Promise.resolve();
    const onTyped = () => {
      typed++;
      while (killAt[0] !== undefined && typed >= killAt[0]) {
        killAt.shift();
        crash = crash.then(async () => {
          await server.kill9();
          await server.start();
        });
      }
    };

    try {
      await Promise.all(people.map((person) => person.synced()));
      Y.applyUpdate(people[0]!.document, history.start);
      await Promise.all(people.map((person, agent) => typeAs(agent, person, history, onTyped)));
      await crash;
      assert.equal(killAt.length, 0, 'every kill happened');
      await Promise.all(people.map((person) => person.allSaved()));

      for (const person of people) assert.equal(person.text.toString(), history.endContent);
      const exported = await fetch(`${server.url}/api/documents/${NAME}/export?format=text`);
      assert.equal(await exported.text(), history.endContent);
    } finally {
      for (const person of people) person.close();
    }

    // What the database holds is what a server reads that has never seen the document.
    await server.kill9();
    await server.start();
    const stored = await fetch(`${server.url}/api/documents/${NAME}/export?format=yjs`);
    const document = new Y.Doc();
    Y.applyUpdate(document, new Uint8Array(await stored.arrayBuffer()));
    assert.equal(paragraphText(document).toString(), history.endContent);
    document.destroy();
  });
});

/** Types one agent's part, each edit only when the person has received what its author had seen. */
async function typeAs(agent: number, person: WriterClient, history: Authored, onTyped: () => void): Promise<void> {
  const mine = history.updates.filter((update) => update.agent === agent);
  for (const [index, { update, seen }] of mine.entries()) {
    while (!covers(person.document, seen)) await nextUpdate(person.document);
    Y.applyUpdate(person.document, update);
    onTyped();
    // Lets the sockets breathe, as a person's pauses would.
    if (index % 16 === 0) await new Promise((resume) => setImmediate(resume));
  }
}

function nextUpdate(document: Y.Doc): Promise<void> {
  return new Promise((resolve) => document.once('update', () => resolve()));
}

function covers(document: Y.Doc, seen: ReadonlyMap<number, number>): boolean {
  for (const [client, clock] of seen) {
    if (Y.getState(document.store, client) < clock) return false;
  }
  return true;
}
