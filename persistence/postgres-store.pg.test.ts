import { after, before, describe, it } from 'node:test';
import { openPostgresStore } from './postgres-store.ts';
import { documentStoreContract } from './testing/contract.ts';
import { findSystemPostgres, startSystemPostgres } from './testing/system-postgres.ts';
import { createDatabase, testDatabase } from './testing.ts';

/** A Postgres that starts before the tests below it. */
function lane(label: string, start: () => Promise<{ url: string; stop(): Promise<void> }>): void {
  describe(label, () => {
    let server: { url: string; stop(): Promise<void> };
    before(async () => {
      server = await start();
    });
    after(() => server.stop());
    documentStoreContract('a document store', async () => {
      const url = await createDatabase(server.url);
      return () => openPostgresStore(url);
    });
  });
}

lane('embedded Postgres 18', testDatabase);

const given = process.env.TEST_DATABASE_URL;
const installed = findSystemPostgres(process.env.PATH ?? '');
if (given !== undefined && given !== '') {
  lane('the Postgres of TEST_DATABASE_URL', async () => ({ url: given, stop: async () => {} }));
} else if (installed !== null) {
  lane(`system Postgres ${installed.major}`, () => startSystemPostgres(installed.bin));
} else {
  it('system Postgres', { skip: 'no Postgres 15 or later is installed, and TEST_DATABASE_URL is not set' });
}
