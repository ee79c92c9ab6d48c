import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import * as Y from 'yjs';
import { withoutRedis } from '../../bench/servers/redis-server.ts';
import { HttpSocket } from '../../web/transport/http-socket.ts';
import { seededRandom } from '../seeded-random.ts';
import { until } from '../wait.ts';
import { WriterClient } from '../writer-client.ts';
import { type BrokerName, Nodes } from './nodes.ts';

const random = seededRandom();

/** `e2e/deploy.pg.test.ts` has the other, behind Apache, which knows nothing of documents. */
const broker: BrokerName = withoutRedis === false ? 'redis' : 'postgres';

describe(`links over HTTP, with ${broker} between the nodes and a balancer that knows nothing`, () => {
  let nodes: Nodes;
  before(async () => {
    nodes = await Nodes.start(2, broker);
  });
  after(() => nodes?.dispose());

  /** Each of its requests goes to any of the nodes that are there. */
  class Balanced extends HttpSocket {
    protected override request(url: string, init: RequestInit): Promise<Response> {
      const there = nodes.servers.filter(({ running }) => running);
      const { host } = new URL(there[random.below(there.length)]!.url);
      return super.request(url.replace(/\/\/[^/]+/, `//${host}`), init);
    }
  }

  const writer = (t: TestContext, name: string) => {
    const socket = new HocuspocusProviderWebsocket({
      url: nodes.server(0).collab,
      WebSocketPolyfill: Balanced,
      delay: 50,
      minDelay: 50,
      maxDelay: 500,
    });
    const provider = new HocuspocusProvider({ websocketProvider: socket, name, document: new Y.Doc(), token: '' });
    provider.attach();
    t.after(() => {
      provider.destroy();
      socket.destroy();
    });
    return provider;
  };
  const wordsOf = ({ document }: { document: Y.Doc }) => document.getArray<string>('words');

  it('[N1] [C1] people write together, see each other and read "Saved", wherever each request arrives, and when a node is killed', async (t) => {
    t.diagnostic(`SEED=${random.seed}`);
    const name = 'balanced';
    const people = [writer(t, name), writer(t, name), writer(t, name)];
    const bob = new WriterClient(nodes.server(1).collab, name);
    t.after(() => bob.close());
    await Promise.all([bob.synced(), ...people.map((person) => until('it is synced', () => person.isSynced))]);
    let written = 0;
    const write = async (count: number) => {
      for (const goal = written + count; written < goal; written++) {
        wordsOf([...people, bob][written % 4]!).push([`word ${written}`]);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    const all = () => [...people, bob].map((person) => wordsOf(person).length);
    const saved = () => people.every(({ hasUnsyncedChanges }) => !hasUnsyncedChanges) && bob.saved;
    await write(80);
    await until('everybody has all of it', () => all().every((length) => length === written));
    await until('it is saved', saved);
    people[0]!.setAwarenessField('user', { name: 'Ada' });
    await until('bob sees ada', () => [...bob.provider.awareness!.getStates().values()].some(({ user }) => user?.name === 'Ada'));

    await nodes.server(0).kill9();
    await write(40);
    await until('everybody has all of it', () => all().every((length) => length === written));
    await nodes.server(0).start();
    await write(40);
    await until('everybody has all of it', () => all().every((length) => length === written));
    await until('it is saved', saved);
    const contents = [...people, bob].map((person) => wordsOf(person).toArray());
    for (const content of contents) assert.deepEqual(content, contents[0]);
    assert.equal(new Set(contents[0]).size, written);
  });

  it('[N2] a document of megabytes comes whole through a node that the link is not at', async (t) => {
    const name = 'large';
    const ada = writer(t, name);
    await until('it is synced', () => ada.isSynced);
    // No two updates alike: they are sent as they are.
    ada.document.getMap('large').set(
      'bytes',
      Uint8Array.from({ length: 1_500_000 }, () => random.below(256)),
    );
    await until('it is saved', () => !ada.hasUnsyncedChanges);
    const bob = writer(t, name);
    await until('it is there', () => (bob.document.getMap('large').get('bytes') as Uint8Array | undefined)?.length === 1_500_000);
  });
});
