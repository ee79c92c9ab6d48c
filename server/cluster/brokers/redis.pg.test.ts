import { RedisServer, withoutRedis } from '../../../e2e/redis-server.ts';
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
