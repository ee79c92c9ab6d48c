import { RedisServer, withoutRedis } from '../../../bench/servers/redis-server.ts';
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
