import { Server, type storePayload } from '@hocuspocus/server';

/** Stock Hocuspocus as its manual has it for several servers: the Redis extension, and a store of whole documents, here in memory. */
const documents = new Map<string, Uint8Array>();
const { hostname, port } = new URL(process.env.REDIS_URL ?? 'redis://127.0.0.1:6379');
// Named at run time: the type check of the project does without the peers, which only the bench installs.
const { Database } = await import('@hocuspocus/extension-database' as string);
const { Redis } = await import('@hocuspocus/extension-redis' as string);
const server = new Server({
  port: 0,
  address: '127.0.0.1',
  quiet: true,
  timeout: 3_600_000,
  extensions: [
    new Database({
      fetch: async ({ documentName }: { documentName: string }) => documents.get(documentName) ?? null,
      store: async ({ documentName, state }: storePayload & { state: Buffer }) => void documents.set(documentName, state),
    }),
    new Redis({ host: hostname, port: Number(port) }),
  ],
});
await server.listen();
process.stdout.write(`listening at http://127.0.0.1:${server.address.port}\n`);
