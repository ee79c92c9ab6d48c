import { setTimeout as sleep } from 'node:timers/promises';
import * as Y from 'yjs';
import { RedisServer } from '../../bench/servers/redis-server.ts';
import { openPostgresStore } from '../../persistence/postgres-store.ts';
import { testDatabase } from '../../persistence/testing.ts';
import { DatabaseProxy } from '../faults/database-proxy.ts';
import { seededRandom } from '../seeded-random.ts';
import { ServerProcess } from '../server-process.ts';
import { until } from '../wait.ts';
import { WriterClient } from '../writer-client.ts';
import { RedisProxy } from './redis-proxy.ts';

export interface ChaosOptions {
  readonly nodes: number;
  readonly documents: number;
  readonly clients: number;
  /** How long faults come, ms. */
  readonly ms: number;
  /** Told what is done. */
  readonly say: (line: string) => void;
}

/** What has come of it. */
export interface ChaosOutcome {
  readonly edits: number;
  readonly acknowledged: number;
  readonly faults: number;
  readonly lostMessages: number;
  /** The longest time from a client's edit to everybody's having it, after the last fault, ms; and when Redis is away for good after that. */
  readonly longestMs: number;
  readonly longestWithoutRedisMs: number;
}

/** Somebody who writes numbered words into a list, and letters into a text. */
interface Person {
  readonly client: WriterClient;
  readonly document: string;
  readonly name: string;
  readonly node: number;
  readonly words: string[];
  /** So many of their words were acknowledged. */
  acknowledged: number;
}

const READY_MS = 120_000;

/**
 * Real nodes, a real Postgres and a real Redis, people who write in all of them, and everything that can happen to a process or a network, in
 * the order of a seed. Rejects when somebody holds another document than others and Postgres, an acknowledged word is lost or a ghost is left.
 */
export async function chaos(options: ChaosOptions): Promise<ChaosOutcome> {
  const random = seededRandom();
  options.say(`SEED=${random.seed}`);
  const database = await testDatabase();
  const redis = await RedisServer.start();
  const redisProxy = await RedisProxy.start(redis.port, random.next);
  const proxies = await Promise.all(Array.from({ length: options.nodes }, () => DatabaseProxy.start(database.url, random.below)));
  // The first makes the tables.
  const servers: ServerProcess[] = [];
  for (const { url } of proxies)
    servers.push(await ServerProcess.start({ DATABASE_URL: url, REDIS_URL: redisProxy.url, LOG_LEVEL: 'warn' }));
  const people: Person[] = [];
  let writing = true;
  let faults = 0;
  try {
    const join = (at: number) => {
      // People of one document are on different nodes.
      const node = (at + Math.floor(at / options.documents)) % options.nodes;
      const document = `chaos-${at % options.documents}`;
      const client = new WriterClient(servers[node]!.collab, document);
      const person: Person = { client, document, node, name: `p${people.length}`, words: [], acknowledged: 0 };
      client.provider.setAwarenessField('user', { name: person.name });
      people.push(person);
      return person;
    };
    for (let at = 0; at < options.clients; at++) join(at);
    await Promise.all(people.map(({ client }) => client.synced()));

    const write = (person: Person) => {
      const { document, acks } = person.client;
      const text = document.getText('t');
      document.transact(() => {
        const word = `${person.name}:${person.words.length}`;
        person.words.push(word);
        document.getArray('words').push([word]);
        if (random.below(3) === 0 && text.length > 4) text.delete(random.below(text.length - 3), 2);
        else text.insert(random.below(text.length + 1), random.below(40) === 0 ? 'long '.repeat(5_000) : 'ab');
      });
      if (acks.settled) person.acknowledged = person.words.length;
    };
    const note = () => {
      for (const person of people) if (person.client.saved) person.acknowledged = person.words.length;
    };
    const writer = (async () => {
      while (writing) {
        for (let count = Math.ceil(people.length / 10); count > 0; count--) write(people[random.below(people.length)]!);
        await sleep(20);
        note();
      }
    })();

    const restarts: Promise<unknown>[] = [];
    const down = new Set<number>();
    const pick = () => random.below(options.nodes);
    const act = async () => {
      const node = pick();
      const server = servers[node]!;
      const ms = 200 + random.below(1_500);
      // A server that starts needs its database.
      const kind = down.has(node) ? 3 + random.below(3) : random.below(11);
      if (kind <= 1) {
        options.say(`kill -9 node ${node}`);
        down.add(node);
        restarts.push(server.restart().finally(() => down.delete(node)));
      } else if (kind === 2) {
        options.say(`restart node ${node}`);
        down.add(node);
        restarts.push(
          server
            .terminate()
            .then(() => server.start())
            .finally(() => down.delete(node)),
        );
      } else if (kind === 3) {
        options.say(`kill -9 Redis for ${ms} ms`);
        await redis.kill9();
        await sleep(ms);
        await redis.start();
      } else if (kind === 4) {
        options.say(`pause Redis for ${ms * 2} ms`);
        redis.pause();
        await sleep(ms * 2);
        redis.resume();
      } else if (kind === 5) {
        redisProxy.loss = redisProxy.loss === 0 ? 0.3 : 0;
        options.say(`lose ${redisProxy.loss * 100} % of the messages`);
      } else if (kind === 6 || kind === 7) {
        const disturbance = kind === 6 ? ({ kind: 'refuse' } as const) : ({ kind: 'stall' } as const);
        options.say(`cut node ${node} from Postgres for ${ms} ms (${disturbance.kind})`);
        proxies[node]!.set(disturbance);
        await sleep(ms);
        proxies[node]!.set({ kind: 'none' });
      } else if (kind === 8) {
        options.say(`pause node ${node} for ${ms * 2} ms`);
        process.kill(server.pid, 'SIGSTOP');
        await sleep(ms * 2);
        process.kill(server.pid, 'SIGCONT');
      } else if (kind === 9) {
        const at = random.below(people.length);
        const person = people[at]!;
        if (!person.client.saved) return;
        person.acknowledged = person.words.length;
        options.say(`${person.name} leaves ${person.document}, and somebody comes`);
        gone.push(person);
        people.splice(at, 1);
        person.client.close();
        join(random.below(options.clients));
      } else {
        options.say(`commits of node ${node} lose their answers for ${ms} ms`);
        proxies[node]!.set({ kind: 'cut', oneIn: 10 });
        await sleep(ms);
        proxies[node]!.set({ kind: 'none' });
      }
      faults++;
    };
    const gone: Person[] = [];
    const end = performance.now() + options.ms;
    while (performance.now() < end) {
      await act();
      await sleep(random.below(300));
    }

    redisProxy.loss = 0;
    await Promise.all(restarts);
    options.say('no more faults');
    await until('everybody is back', () => people.every(({ client }) => client.provider.isSynced), READY_MS);
    const longestMs = await longestWay(people, options.say);
    await until('no ghost is left, and nobody is missing', () => ghosts(people).length === 0, 6_000).catch((cause) => {
      throw new Error(ghosts(people).join('\n'), { cause });
    });
    options.say('no Redis any more');
    await redis.kill9();
    await sleep(500);
    const longestWithoutRedisMs = await longestWay(people, options.say);
    writing = false;
    await writer;
    await until('everything is saved', () => people.every(({ client }) => client.saved), READY_MS);
    note();
    await sleep(3_000);
    await sameEverywhere(people, database.url, [...people, ...gone]);
    const all = [...people, ...gone];
    return {
      edits: all.reduce((sum, { words }) => sum + words.length, 0),
      acknowledged: all.reduce((sum, { acknowledged }) => sum + acknowledged, 0),
      faults,
      lostMessages: redisProxy.lost,
      longestMs,
      longestWithoutRedisMs,
    };
  } catch (error) {
    throw new Error(`${servers.map(({ output }, at) => `--- node ${at}\n${output.slice(-3_000)}`).join('\n')}`, { cause: error });
  } finally {
    writing = false;
    for (const { client } of people) client.close();
    await Promise.all(servers.map((server) => server.dispose()));
    await Promise.all(proxies.map((proxy) => proxy.close()));
    await redisProxy.close();
    await redis.dispose();
    await database.stop();
  }
}

/** Everybody writes a word while others write, and everybody else of the document waits for it. */
async function longestWay(people: readonly Person[], say: ChaosOptions['say']): Promise<number> {
  const begun = performance.now();
  const waits = people.map(async (person) => {
    const word = `${person.name} at ${begun}`;
    person.words.push(word);
    person.client.document.getArray('words').push([word]);
    const others = people.filter(({ document }) => document === person.document);
    const without = () => others.filter(({ client }) => !lastWords(client).includes(word));
    let last: readonly Person[] = [];
    await until(
      `everybody has the ${word}`,
      () => {
        const still = without();
        if (still.length > 0) last = still;
        return still.length === 0;
      },
      READY_MS,
    );
    const ms = Math.round(performance.now() - begun);
    return { ms, who: `${person.name} of node ${person.node} to ${last.map(({ name, node }) => `${name} of node ${node}`).join(', ')}` };
  });
  const longest = (await Promise.all(waits)).reduce((most, one) => (one.ms > most.ms ? one : most));
  say(`${longest.ms} ms from ${longest.who}`);
  return longest.ms;
}

function lastWords({ document }: WriterClient): unknown[] {
  const words = document.getArray('words');
  return words.slice(Math.max(0, words.length - 2_000));
}

async function sameEverywhere(people: readonly Person[], databaseUrl: string, all: readonly Person[]): Promise<void> {
  const store = await openPostgresStore(databaseUrl);
  try {
    for (const name of new Set(all.map(({ document }) => document))) {
      const { snapshot, updates } = await store.load(name);
      const stored = new Y.Doc();
      stored.transact(() => {
        for (const update of snapshot === null ? updates : [snapshot, ...updates]) Y.applyUpdate(stored, update);
      });
      const text = stored.getText('t').toString();
      const words = JSON.stringify(stored.getArray('words').toArray());
      for (const { client, name: who } of people.filter(({ document }) => document === name)) {
        const same =
          client.document.getText('t').toString() === text && JSON.stringify(client.document.getArray('words').toArray()) === words;
        if (!same) throw new Error(`${who} holds another ${name} than Postgres.`);
      }
      const known = new Set(stored.getArray('words').toArray());
      for (const { words: written, acknowledged } of all.filter(({ document }) => document === name)) {
        const lost = written.slice(0, acknowledged).filter((word) => !known.has(word));
        if (lost.length > 0) throw new Error(`Acknowledged, and not in ${name}: ${lost.slice(0, 5).join(', ')} (${lost.length}).`);
      }
    }
  } finally {
    await store.close();
  }
}

/** Who sees others than are there. */
function ghosts(people: readonly Person[]): string[] {
  return people.flatMap(({ client, document, name }) => {
    const seen = [...(client.provider.awareness?.getStates().values() ?? [])]
      .flatMap(({ user }) => (user?.name === undefined ? [] : [user.name as string]))
      .sort();
    const there = people
      .filter((person) => person.document === document)
      .map((person) => person.name)
      .sort();
    return seen.join() === there.join() ? [] : [`${name} sees ${seen} in ${document}, there are ${there}`];
  });
}
