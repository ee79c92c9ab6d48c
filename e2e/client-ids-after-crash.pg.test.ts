import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it, type TestContext } from 'node:test';
import { SignJWT } from 'jose';
import { type TestDatabase, testDatabase } from '../persistence/testing.ts';
import { ERRORS } from '../protocol/errors.ts';
import { DatabaseProxy } from './faults/database-proxy.ts';
import { ServerProcess } from './server-process.ts';
import { until } from './wait.ts';
import { WriterClient } from './writer-client.ts';

const SECRET = randomBytes(32).toString('hex');

function tokenOf(sub: string): Promise<string> {
  return new SignJWT({ name: sub, access: { '*': 'edit' } })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(sub)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(SECRET));
}

/** A person with a stock provider, and the codes their socket was closed with. */
class Person {
  readonly client: WriterClient;
  readonly closes: number[] = [];

  private constructor(client: WriterClient) {
    this.client = client;
    client.socket.on('close', ({ event }: { event: { code: number } }) => this.closes.push(event.code));
  }

  static async join(t: TestContext, server: ServerProcess, document: string, sub: string): Promise<Person> {
    const person = new Person(new WriterClient(server.collab, document, undefined, await tokenOf(sub)));
    t.after(() => person.client.close());
    await person.client.synced();
    return person;
  }

  get text(): string {
    return this.client.document.getXmlFragment('default').toString();
  }

  type(word: string): void {
    this.client.text.insert(0, word);
  }
}

describe('after a kill -9 that took edits which others had seen', () => {
  let database: TestDatabase;
  let proxy: DatabaseProxy;
  let server: ServerProcess;
  before(async () => {
    database = await testDatabase();
    proxy = await DatabaseProxy.start(database.url, () => 0);
    server = await ServerProcess.start({ DATABASE_URL: proxy.url, INKWIRE_SECRET: SECRET });
  });
  after(async () => {
    proxy.set({ kind: 'none' });
    await server.dispose();
    await proxy.close();
    await database.stop();
  });

  /** Ann and Bob have seen of each other what no commit has reached; the server is dead, and both are offline. */
  async function crash(t: TestContext, document: string, { bobWroteBefore }: { bobWroteBefore: boolean }) {
    const [ann, bob] = [await Person.join(t, server, document, 'ann'), await Person.join(t, server, document, 'bob')];
    ann.type('(committed) ');
    await ann.client.allSaved();
    await until('Bob has it', () => bob.text.includes('committed'));
    if (bobWroteBefore) {
      bob.type('(by Bob) ');
      await bob.client.allSaved();
    }
    proxy.set({ kind: 'stall' });
    ann.type('(lost of Ann) ');
    bob.type('(lost of Bob) ');
    await until('each has seen the other', () => ann.text.includes('lost of Bob') && bob.text.includes('lost of Ann'));
    await server.kill9();
    // What is held back of a server whose end was not seen would reach the database after all.
    await until('the database has lost the server', () => proxy.connections === 0);
    for (const { client } of [ann, bob]) client.socket.disconnect();
    proxy.set({ kind: 'none' });
    await server.start();
    return { ann, bob };
  }

  for (const bobWroteBefore of [true, false]) {
    const whose = bobWroteBefore ? 'an author who is known' : 'an author whose first edit it was';
    it(`[P1] [S3] who comes back first waits for ${whose}, and all is saved`, async (t) => {
      const { ann, bob } = await crash(t, `plan of ${whose}`, { bobWroteBefore });
      void ann.client.socket.connect();
      await until('Ann is asked to wait', () => ann.closes.includes(ERRORS['author-awaited'].close));
      assert.equal(ann.client.saved, false);
      void bob.client.socket.connect();
      await Promise.all([ann.client.allSaved(), bob.client.allSaved()]);
      // Each goes on under the client id they had.
      ann.type('(after, Ann) ');
      bob.type('(after, Bob) ');
      await Promise.all([ann.client.allSaved(), bob.client.allSaved()]);
      const carl = await Person.join(t, server, `plan of ${whose}`, 'carl');
      await until('all show the same', () => ann.text === bob.text && bob.text === carl.text);
      for (const word of ['committed', 'lost of Ann', 'lost of Bob', 'after, Ann', 'after, Bob']) assert.ok(carl.text.includes(word), word);
      const refusals = [ann, bob].flatMap(({ closes }) => closes).filter((code) => code === ERRORS['client-id-taken'].close);
      assert.deepEqual(refusals, []);
    });
  }
});
