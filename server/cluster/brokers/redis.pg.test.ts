import { describe, it } from 'node:test';
import { RedisServer, withoutRedis } from '../../../bench/servers/redis-server.ts';
import { until } from '../../../e2e/wait.ts';
import { brokerContract } from '../contract/broker-contract.ts';
import { redisBroker } from './redis.ts';

brokerContract(
  'Redis that is killed',
  async () => {
    const server = await RedisServer.start();
    return {
      open: redisBroker(server.url),
      outage: { begin: () => server.kill9(), end: () => server.start() },
      close: () => server.dispose(),
    };
  },
  withoutRedis,
);

brokerContract(
  'Redis that hangs',
  async () => {
    const server = await RedisServer.start();
    return {
      open: redisBroker(server.url),
      outage: { begin: async () => server.pause(), end: async () => server.resume() },
      close: () => server.dispose(),
    };
  },
  withoutRedis,
);

brokerContract(
  'a Redis cluster, its topics sharded',
  async () => {
    const servers = await RedisServer.cluster();
    return {
      open: redisBroker(`redis+cluster://${servers.map(({ port }) => `127.0.0.1:${port}`).join(',')}`),
      close: async () => {
        await Promise.all(servers.map((server) => server.dispose()));
      },
    };
  },
  withoutRedis,
);

brokerContract(
  'Redis that Sentinels watch',
  async () => {
    const primary = await RedisServer.start();
    const sentinel = await RedisServer.sentinel(primary);
    return {
      open: redisBroker(`redis+sentinel://127.0.0.1:${sentinel.port}/main`),
      close: async () => {
        await Promise.all([sentinel, primary].map((server) => server.dispose()));
      },
    };
  },
  withoutRedis,
);

describe('a broker that is closed while it connects', { skip: withoutRedis }, () => {
  for (const [what, start] of [
    ['a server', async () => [await RedisServer.start()]],
    ['a cluster', () => RedisServer.cluster()],
  ] as const) {
    it(`leaves no connection to ${what}`, async (t) => {
      const servers = await start();
      t.after(() => Promise.all(servers.map((server) => server.dispose())));
      const hosts = servers.map(({ port }) => `127.0.0.1:${port}`).join(',');
      const open = redisBroker(servers.length === 1 ? `redis://${hosts}` : `redis+cluster://${hosts}`);
      const events = { onMessage: () => {}, onSubscribed: () => {}, onUp: () => {}, onDown: () => {} };
      for (let nth = 0; nth < 20; nth++) {
        const broker = await open({ prefix: 'closed', events });
        broker.subscribe('topic');
        await new Promise((resolve) => setTimeout(resolve, nth * 3));
        await broker.close();
      }
      const connected = async (server: RedisServer) => Number(/connected_clients:(\d+)/.exec(await server.command('INFO clients'))?.[1]);
      // Who asks is one.
      await until('nobody is connected', async () => (await Promise.all(servers.map(connected))).every((count) => count === 1));
    });
  }
});
