import { fileURLToPath } from 'node:url';

/** A server as the bench starts it. It prints `http://127.0.0.1:port` once it listens. */
export interface Contestant {
  readonly id: string;
  /** Column of the table. */
  readonly title: string;
  readonly args: readonly string[];
  readonly env: (databaseUrl: string) => Record<string, string>;
  /** Where providers connect. */
  readonly path: string;
}

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** In the order of the table's columns. The first is the one the others are compared with. */
export const CONTESTANTS: readonly Contestant[] = [
  {
    id: 'inkwire',
    title: 'Inkwire',
    args: [file('../../server/main.ts'), 'serve'],
    env: (databaseUrl) => ({ DATABASE_URL: databaseUrl, HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'warn' }),
    path: '/collab',
  },
  {
    id: 'stock',
    title: 'stock + database',
    args: [file('../peers/stock-hocuspocus.ts')],
    env: (databaseUrl) => ({ DATABASE_URL: databaseUrl }),
    path: '/',
  },
];
