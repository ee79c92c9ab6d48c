import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded/embedded-postgres.ts';
import { fillFromTemplate } from './testing/cluster-template.ts';

/** A Postgres for one test file, durable as in production. */
export interface TestDatabase {
  /** Its first database, empty. */
  readonly url: string;
  readonly postgres: EmbeddedPostgres;
  /** Makes another empty database in the same Postgres and returns its address: one per test costs some 20 ms. */
  createDatabase(): Promise<string>;
  /** Stops Postgres and removes its files. */
  stop(): Promise<void>;
}

/** Starts an embedded Postgres in a folder of its own under the system's temporary one; takes half a second, with initdb three. */
export async function testDatabase(): Promise<TestDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), 'inkwire-test-postgres-'));
  const removeFiles = () => rm(dataDir, { recursive: true, force: true });
  fillFromTemplate(dataDir);
  const embedded = await startEmbeddedPostgres({ dataDir }).catch(async (error) => {
    await removeFiles();
    throw error;
  });
  return {
    url: embedded.url,
    postgres: embedded,
    createDatabase: () => createDatabase(embedded.url),
    async stop() {
      await embedded.stop();
      await removeFiles();
    },
  };
}

/** Makes an empty database beside the one at `url` and returns its address. */
export async function createDatabase(url: string): Promise<string> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  await sql.unsafe(`create database ${name}`);
  await sql.end();
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}
