import { setTimeout as sleep } from 'node:timers/promises';
import postgres, { type Sql } from 'postgres';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../persistence/embedded/embedded-postgres.ts';
import { processFamilyCpuSeconds } from './process-family-cpu.ts';

/** Longer than the debounce after which a stock server stores (2 s), so that a store that is due has come. */
const REST_MS = 2_400;
const POLL_MS = 100;

/** The one Postgres of a run, with a database for each server. */
export class BenchPostgres {
  readonly #postgres: EmbeddedPostgres;
  readonly #sql: Sql;

  private constructor(embedded: EmbeddedPostgres) {
    this.#postgres = embedded;
    this.#sql = postgres(embedded.url, { max: 1, onnotice: () => {} });
  }

  static async start(dataDir: string): Promise<BenchPostgres> {
    const bench = new BenchPostgres(await startEmbeddedPostgres({ dataDir }));
    // Autovacuum comes when it likes, and writes more (250 KB into a young cluster) than 50 keystrokes do.
    await bench.#sql`ALTER SYSTEM SET autovacuum_naptime = '2000000s'`;
    await bench.#sql`SELECT pg_reload_conf()`;
    return bench;
  }

  /** Creates a database; returns its address. */
  async createDatabase(name: string): Promise<string> {
    await this.#sql`CREATE DATABASE ${this.#sql(name)}`;
    return this.#postgres.url.replace(/\/postgres$/, `/${name}`);
  }

  async dropDatabase(name: string): Promise<void> {
    await this.#sql`DROP DATABASE ${this.#sql(name)} WITH (FORCE)`;
  }

  /** Begins a stretch in which no page is written whole a second time. */
  async checkpoint(): Promise<void> {
    await this.#sql`CHECKPOINT`;
  }

  /** Bytes of write-ahead log so far, of all databases; one server runs at a time. */
  async walBytes(): Promise<number> {
    const [row] = await this.#sql<{ bytes: string }[]>`SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') AS bytes`;
    return Number(row?.bytes);
  }

  /** Bytes of a database's files. */
  async sizeBytes(database: string): Promise<number> {
    const [row] = await this.#sql<{ bytes: string }[]>`SELECT pg_database_size(${database}) AS bytes`;
    return Number(row?.bytes);
  }

  /** What Inkwire keeps of the past in one of its databases, bytes. */
  async historyBytes(database: string): Promise<{ readonly history: number; readonly checkpoints: number }> {
    const sql = postgres(this.#postgres.url.replace(/\/postgres$/, `/${database}`), { max: 1 });
    const [row] = await sql<{ history: string; checkpoints: string }[]>`
      select (select coalesce(sum(octet_length(data)), 0) from inkwire.history) as history,
        (select coalesce(sum(octet_length(data)), 0) from inkwire.checkpoints) as checkpoints`;
    await sql.end();
    return { history: Number(row!.history), checkpoints: Number(row!.checkpoints) };
  }

  /** Transactions committed in a database. Right once its connections have ended: a session reports late. */
  async commits(database: string): Promise<number> {
    const [row] = await this.#sql<{ count: string }[]>`SELECT xact_commit AS count FROM pg_stat_database WHERE datname = ${database}`;
    return Number(row?.count);
  }

  /** CPU of all Postgres processes so far, seconds; NaN where it cannot be known (only Linux tells). */
  cpuSeconds(): number {
    return processFamilyCpuSeconds(this.#postgres.pid);
  }

  /** Waits until nothing has been written for longer than a server's debounce. */
  async atRest(): Promise<void> {
    let written = await this.walBytes();
    let since = performance.now();
    while (performance.now() - since < REST_MS) {
      await sleep(POLL_MS);
      const bytes = await this.walBytes();
      if (bytes !== written) since = performance.now();
      written = bytes;
    }
  }

  /** Milliseconds of each of 200 small durable commits in a row: what an acknowledgement waits for at least. */
  async commitMilliseconds(): Promise<number[]> {
    await this.#sql`CREATE TABLE probe_durable (data bytea)`;
    const times: number[] = [];
    for (let round = 0; round < 200; round++) {
      const begun = performance.now();
      await this.#sql`INSERT INTO probe_durable VALUES ('\\x00')`;
      times.push(performance.now() - begun);
    }
    await this.#sql`DROP TABLE probe_durable`;
    return times;
  }

  async version(): Promise<string> {
    const [row] = await this.#sql<{ server_version: string }[]>`SHOW server_version`;
    return row?.server_version ?? '';
  }

  async stop(): Promise<void> {
    await this.#sql.end({ timeout: 5 });
    await this.#postgres.stop();
  }
}
