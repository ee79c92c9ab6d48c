import postgres from 'postgres';
import { type TestDatabase, testDatabase } from '../../persistence/testing.ts';
import type { seededRandom } from '../seeded-random.ts';
import { ServerProcess } from '../server-process.ts';
import { until } from '../wait.ts';
import { DatabaseProxy } from './database-proxy.ts';

export type Random = ReturnType<typeof seededRandom>;

/** Longest a server here may take to shut down, ms. */
export const SHUTDOWN_TIMEOUT_MS = 1_000;

/** Something that goes wrong. Each is injected and healed any number of times, one at a time. */
export interface Fault {
  /** The end of a sentence "… while …". */
  readonly name: string;
  /** The server itself dies of it. */
  readonly killsServer?: boolean;
  /** Why it cannot be had on this machine, or `null`. */
  unavailable?(): Promise<string | null>;
  inject(env: FaultEnv, random: Random): Promise<void>;
  /** Whether it has met the server since it was injected: until then nothing is shown. */
  felt?(env: FaultEnv): boolean | Promise<boolean>;
  heal(env: FaultEnv): Promise<void>;
}

/** A server process, a Postgres that outlives it, and the proxy between them. */
export class FaultEnv {
  readonly database: TestDatabase;
  readonly proxy: DatabaseProxy;
  readonly server: ServerProcess;

  private constructor(database: TestDatabase, proxy: DatabaseProxy, server: ServerProcess) {
    this.database = database;
    this.proxy = proxy;
    this.server = server;
  }

  /** `preload` is loaded into the server before its own code. */
  static async start(random: Random, preload: 'settable-clock' | 'acknowledge-at-once' = 'settable-clock'): Promise<FaultEnv> {
    const database = await testDatabase();
    const proxy = await DatabaseProxy.start(database.url, (limit) => random.below(limit));
    try {
      const server = await ServerProcess.start({
        DATABASE_URL: proxy.url,
        INKWIRE_SHUTDOWN_TIMEOUT_MS: String(SHUTDOWN_TIMEOUT_MS),
        NODE_OPTIONS: `--import ${new URL(`./preload/${preload}.ts`, import.meta.url)}`,
      });
      return new FaultEnv(database, proxy, server);
    } catch (error) {
      await proxy.close();
      await database.stop();
      throw error;
    }
  }

  /** Runs SQL statements past the proxy. */
  async sql(statements: string): Promise<readonly Record<string, unknown>[]> {
    const sql = postgres(this.database.url, { max: 1, onnotice: () => {} });
    try {
      return await sql.unsafe(statements);
    } finally {
      await sql.end();
    }
  }

  /** Resolves when Postgres takes connections. */
  async databaseAnswers(): Promise<void> {
    const answers = () =>
      this.sql('select 1').then(
        () => true,
        () => false,
      );
    await until('Postgres answers', answers);
  }

  async dispose(): Promise<void> {
    this.proxy.set({ kind: 'none' });
    await this.server.dispose();
    await this.proxy.close();
    await this.database.stop();
  }
}
