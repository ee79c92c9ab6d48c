import { Server, type storePayload } from '@hocuspocus/server';
import postgres from 'postgres';

const server = new Server({
  port: 0,
  address: '127.0.0.1',
  quiet: true,
  // Its default, 60 s, closes whoever has not written for so long, as those have who only listen.
  timeout: 3_600_000,
  extensions: process.env.DATABASE_URL === undefined ? [] : [await databaseAt(process.env.DATABASE_URL)],
});
await server.listen();
process.stdout.write(`listening at http://127.0.0.1:${server.address.port}\n`);

/** As its manual has it: default debounce, the whole document stored as one value. */
async function databaseAt(url: string) {
  // Named at run time: the type check of the project does without the peers, which only the bench installs.
  const { Database } = await import('@hocuspocus/extension-database' as string);
  const sql = postgres(url, { onnotice: () => {} });
  await sql`CREATE TABLE IF NOT EXISTS documents (name text PRIMARY KEY, data bytea NOT NULL)`;
  return new Database({
    fetch: async ({ documentName }: { documentName: string }) => {
      const [row] = await sql<{ data: Uint8Array }[]>`SELECT data FROM documents WHERE name = ${documentName}`;
      return row?.data ?? null;
    },
    store: async ({ documentName, state }: storePayload & { state: Buffer }) => {
      await sql`
        INSERT INTO documents (name, data) VALUES (${documentName}, ${state})
        ON CONFLICT (name) DO UPDATE SET data = excluded.data`;
    },
  });
}
