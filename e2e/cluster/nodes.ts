import { RedisServer } from '../../bench/servers/redis-server.ts';
import { type TestDatabase, testDatabase } from '../../persistence/testing.ts';
import { ServerProcess } from '../server-process.ts';

/** How the nodes hear each other. */
export type BrokerName = 'redis' | 'postgres';

/** Several real servers on one database, and what carries messages between them. */
export class Nodes {
  readonly database: TestDatabase;
  readonly redis: RedisServer | null;
  readonly servers: ServerProcess[];
  readonly #env: Record<string, string>;

  private constructor(database: TestDatabase, redis: RedisServer | null, env: Record<string, string>, servers: ServerProcess[]) {
    this.database = database;
    this.redis = redis;
    this.#env = env;
    this.servers = servers;
  }

  static async start(count: number, broker: BrokerName, env: Record<string, string> = {}): Promise<Nodes> {
    const database = await testDatabase();
    const redis = broker === 'redis' ? await RedisServer.start() : null;
    const all = {
      DATABASE_URL: database.url,
      ...(redis === null ? { INKWIRE_BROKER: 'postgres' } : { REDIS_URL: redis.url }),
      ...env,
    };
    const nodes = new Nodes(database, redis, all, []);
    for (let at = 0; at < count; at++) await nodes.add();
    return nodes;
  }

  /** Starts another one; `env` beside that of all. */
  async add(env: Record<string, string> = {}): Promise<ServerProcess> {
    const server = await ServerProcess.start({ ...this.#env, ...env });
    this.servers.push(server);
    return server;
  }

  server(index: number): ServerProcess {
    const server = this.servers[index];
    if (server === undefined) throw new Error(`There is no node ${index}.`);
    return server;
  }

  async dispose(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.dispose()));
    await this.redis?.dispose();
    await this.database.stop();
  }
}
