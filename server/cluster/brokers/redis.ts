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

const RECONNECTING = {
  connectTimeout: CONNECT_TIMEOUT_MS,
  reconnectStrategy: (attempts: number) => Math.min(50 * 2 ** attempts, 500) + Math.random() * 50,
} as const;

const SOCKET = { ...RECONNECTING, socketTimeout: SILENT_MS } as const;

function serverLine(url: string, onMessage: OnMessage): BrokerLine {
  const publisher = createClient({ url, ...CONNECTION, socket: SOCKET });
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
      publisher.destroy();
      subscriber.destroy();
    },
  };
}

function clusterLine({ urls, username, password, tls }: Extract<RedisAddress, { kind: 'cluster' }>, onMessage: OnMessage): BrokerLine {
  const cluster = createCluster({
    rootNodes: urls.map((url) => ({ url })),
    // A node carries some of the topics only, so that its connection may be silent.
    defaults: { username, password, ...CONNECTION, socket: { ...RECONNECTING, ...(tls ? { tls } : {}) }, pingInterval: SILENT_MS },
  });
  cluster.on('error', () => {});
  const listener = listening(onMessage);
  const connecting = keepTrying(() => cluster.connect());
  return {
    name: 'Redis Cluster',
    maxMessageBytes: MAX_MESSAGE_BYTES,
    send: (topic, message) => cluster.sPublish(topic, asBuffer(message)),
    listen: (topic) => cluster.sSubscribe(topic, listener, true),
    unlisten: (topic) => cluster.sUnsubscribe(topic, listener, true),
    end: async () => {
      connecting.stop();
      cluster.destroy();
    },
  };
}

function sentinelLine(address: Extract<RedisAddress, { kind: 'sentinel' }>, onMessage: OnMessage): BrokerLine {
  const { hosts, primary, username, password, tls } = address;
  const sentinel = createSentinel({
    name: primary,
    sentinelRootNodes: [...hosts],
    nodeClientOptions: { username, password, ...CONNECTION, socket: { ...SOCKET, ...(tls ? { tls } : {}) } },
    sentinelClientOptions: { socket: { connectTimeout: CONNECT_TIMEOUT_MS, ...(tls ? { tls } : {}) } },
    scanInterval: 1_000,
  });
  sentinel.on('error', () => {});
  const listener = listening(onMessage);
  const connecting = keepTrying(() => sentinel.connect());
  return {
    name: 'Redis Sentinel',
    maxMessageBytes: MAX_MESSAGE_BYTES,
    send: (topic, message) => sentinel.publish(topic, asBuffer(message)),
    listen: (topic) => sentinel.subscribe(topic, listener, true),
    unlisten: (topic) => sentinel.unsubscribe(topic, listener, true),
    end: async () => {
      connecting.stop();
      sentinel.destroy();
    },
  };
}

/** The driver is asked for bytes. */
function listening(onMessage: OnMessage) {
  return <T extends string | Buffer>(message: T, topic: T) => onMessage(topic.toString(), new Uint8Array(message as Buffer));
}

function asBuffer({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, length);
}

/** A group of servers that cannot be reached at the start is tried again; a connection once made mends itself. */
function keepTrying(connect: () => Promise<unknown>): { stop(): void } {
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;
  const attempt = () => {
    connect().catch(() => {
      if (!stopped) timer = setTimeout(attempt, 1_000).unref();
    });
  };
  attempt();
  return {
    stop: () => {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}
