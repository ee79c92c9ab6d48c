import { createClient, createCluster, createSentinel } from '@redis/client';
import { type RedisAddress, readRedisUrl } from '../../redis-address.ts';
import type { OpenBroker } from '../broker.ts';
import { type BrokerLine, LineBroker } from './line-broker.ts';

/** Redis carries half a gigabyte; a message that is longer than this would keep the others waiting. */
const MAX_MESSAGE_BYTES = 1024 * 1024;

const CONNECT_TIMEOUT_MS = 2_000;

/** A connection is given up when nothing comes for so long, ms: the probe brings something twice a second. */
const SILENT_MS = 3_000;

/** What waits for an answer may be so many commands: beyond that they are refused. */
const MAX_COMMANDS = 20_000;

type OnMessage = (topic: string, message: Uint8Array) => void;

/** A broker of Redis 7 or later, or Valkey, by `REDIS_URL`: a server, Sentinels, or a cluster, where topics are sharded. */
export function redisBroker(url: string): OpenBroker {
  const address = readRedisUrl(url);
  return async ({ prefix, events }) => new LineBroker((onMessage) => connect(address, onMessage), prefix, events);
}

function connect(address: RedisAddress, onMessage: OnMessage): BrokerLine {
  switch (address.kind) {
    case 'server':
      return serverLine(address.url, onMessage);
    case 'cluster':
      return clusterLine(address, onMessage);
    case 'sentinel':
      return sentinelLine(address, onMessage);
  }
}

/** What every connection has. Without the queue for later, a command fails at once while Redis is away: a doorbell that rings late is worse than none. */
const CONNECTION = { disableOfflineQueue: true, commandsQueueMaxLength: MAX_COMMANDS } as const;

/** How a client of a group connects again: until its line has ended. One that is destroyed while it connects would go on for ever. */
function reconnecting(isEnded: () => boolean) {
  return {
    connectTimeout: CONNECT_TIMEOUT_MS,
    reconnectStrategy: (attempts: number) => (isEnded() ? false : Math.min(50 * 2 ** attempts, 500) + Math.random() * 50),
  } as const;
}

function serverLine(url: string, onMessage: OnMessage): BrokerLine {
  let ended = false;
  const socket = { ...reconnecting(() => ended), socketTimeout: SILENT_MS };
  const publisher = createClient({ url, ...CONNECTION, socket });
  const subscriber = publisher.duplicate();
  for (const client of [publisher, subscriber]) {
    // It tries again by itself; whether it works is what the probe says.
    client.on('error', () => {});
    client.connect().catch(() => {});
  }
  const listener = listening(onMessage);
  return {
    name: 'Redis',
    maxMessageBytes: MAX_MESSAGE_BYTES,
    send: (topic, message) => publisher.publish(topic, asBuffer(message)),
    listen: (topic) => subscriber.subscribe(topic, listener, true),
    unlisten: (topic) => subscriber.unsubscribe(topic, listener, true),
    end: async () => {
      ended = true;
      publisher.destroy();
      subscriber.destroy();
    },
  };
}

function clusterLine({ urls, username, password, tls }: Extract<RedisAddress, { kind: 'cluster' }>, onMessage: OnMessage): BrokerLine {
  const connecting = new Connecting();
  const cluster = createCluster({
    rootNodes: urls.map((url) => ({ url })),
    // A node carries some of the topics only, so that its connection may be silent.
    defaults: {
      username,
      password,
      ...CONNECTION,
      socket: { ...reconnecting(() => connecting.stopped), ...(tls ? { tls } : {}) },
      pingInterval: SILENT_MS,
    },
  });
  cluster.on('error', () => {});
  const listener = listening(onMessage);
  // By itself it stops at the first of its clients that is not open yet, and leaves the others to go on for ever.
  const clients = () => [...cluster.masters, ...cluster.replicas].flatMap(clientsOf);
  connecting.begin(cluster, () => [...clients(), ...(cluster.pubSubNode === undefined ? [] : [cluster.pubSubNode.client])]);
  return {
    name: 'Redis Cluster',
    maxMessageBytes: MAX_MESSAGE_BYTES,
    send: (topic, message) => cluster.sPublish(topic, asBuffer(message)),
    listen: (topic) => cluster.sSubscribe(topic, listener, true),
    unlisten: (topic) => cluster.sUnsubscribe(topic, listener, true),
    end: async () => connecting.stop(),
  };
}

function sentinelLine(address: Extract<RedisAddress, { kind: 'sentinel' }>, onMessage: OnMessage): BrokerLine {
  const { hosts, primary, username, password, tls } = address;
  const connecting = new Connecting();
  const socket = { ...reconnecting(() => connecting.stopped), ...(tls ? { tls } : {}) };
  const sentinel = createSentinel({
    name: primary,
    sentinelRootNodes: [...hosts],
    nodeClientOptions: { username, password, ...CONNECTION, socket: { ...socket, socketTimeout: SILENT_MS } },
    sentinelClientOptions: { socket },
    scanInterval: 1_000,
  });
  sentinel.on('error', () => {});
  const listener = listening(onMessage);
  connecting.begin(sentinel);
  return {
    name: 'Redis Sentinel',
    maxMessageBytes: MAX_MESSAGE_BYTES,
    send: (topic, message) => sentinel.publish(topic, asBuffer(message)),
    listen: (topic) => sentinel.subscribe(topic, listener, true),
    unlisten: (topic) => sentinel.unsubscribe(topic, listener, true),
    end: async () => connecting.stop(),
  };
}

/** The driver is asked for bytes. */
function listening(onMessage: OnMessage) {
  return <T extends string | Buffer>(message: T, topic: T) => onMessage(topic.toString(), new Uint8Array(message as Buffer));
}

function asBuffer({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, length);
}

/** What ends at once. */
interface Ends {
  destroy(): unknown;
}

/** A client of a group of servers. */
interface Group extends Ends {
  connect(): Promise<unknown>;
}

/** A node of a cluster as the driver has it; a client that connects is a promise of it. */
interface ClusterNode {
  readonly client?: unknown;
  readonly pubSub?: { readonly client: unknown };
}

function clientsOf(node: object): Ends[] {
  const { client, pubSub } = node as ClusterNode;
  return [client, pubSub?.client].filter((one): one is Ends => typeof (one as Ends | undefined)?.destroy === 'function');
}

/** A group of servers that cannot be reached at the start is tried again; a connection once made mends itself. */
class Connecting {
  stopped = false;
  #group: Group | null = null;
  #parts: () => readonly Ends[] = () => [];
  #timer: NodeJS.Timeout | null = null;
  readonly #ending = new Set<Ends>();

  /** `parts` are clients of its own that are to be ended one by one. */
  begin(group: Group, parts: () => readonly Ends[] = () => []): void {
    this.#group = group;
    this.#parts = parts;
    this.#attempt(group);
  }

  stop(): void {
    this.stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#destroy();
    // One that was connecting can only be ended once it has.
    setTimeout(() => this.#destroy(), CONNECT_TIMEOUT_MS + 500).unref();
  }

  #attempt(group: Group): void {
    group.connect().then(
      // It was destroyed too early to notice.
      () => this.stopped && this.#destroy(),
      () => {
        if (this.stopped) this.#destroy();
        else this.#timer = setTimeout(() => this.#attempt(group), 1_000).unref();
      },
    );
  }

  #destroy(): void {
    // The group forgets its clients with its own end.
    for (const part of this.#parts()) this.#ending.add(part);
    if (this.#group !== null) this.#ending.add(this.#group);
    for (const one of this.#ending) {
      try {
        // That of Sentinels is a promise.
        void Promise.resolve(one.destroy()).catch(() => {});
      } catch {
        // It is closed, or not open yet.
      }
    }
  }
}
