import { after, before, describe } from 'node:test';
import { connect } from '../connection.ts';
import { openPostgresStore } from '../postgres-store.ts';
import { assetStoreContract } from '../testing/asset-contract.ts';
import { type TestDatabase, testDatabase } from '../testing.ts';
import { openAssetStore } from './postgres-asset-store.ts';

describe('assets in Postgres', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.stop());

  assetStoreContract('an asset store', async (t) => {
    const url = await database.createDatabase();
    const documents = await openPostgresStore(url);
    const sql = connect(url, 1);
    t.after(() => Promise.all([documents.close(), sql.end()]));
    return {
      documents,
      open: async () => openAssetStore(url),
      async keptBytes() {
        const [row] = await sql<{ bytes: string }[]>`select coalesce(sum(octet_length(data)), 0) as bytes from inkwire.asset_chunks`;
        return Number(row?.bytes);
      },
    };
  });
});
