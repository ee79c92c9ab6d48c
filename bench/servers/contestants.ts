import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { memoryEnv } from '../../launch/give-back-memory.mjs';
import { type Dialect, hocuspocus, yWebsocket } from '../generator/dialect.ts';

/** A server as the bench starts it. It prints `http://127.0.0.1:port` once it listens. */
export interface Contestant {
  readonly id: string;
  /** Column of the table. */
  readonly title: string;
  readonly args: readonly string[];
  readonly env: (databaseUrl: string) => Record<string, string>;
  /** What it speaks, and where. */
  readonly dialect: Dialect;
  /** It keeps documents in Postgres. */
  readonly stores: boolean;
  /** It says what a document was, and who wrote it. */
  readonly tellsHistory?: boolean;
  /** It acknowledges first and stores later, when another server may be having its turn. */
  readonly storesLate?: boolean;
  /** It takes part however few there should be. */
  readonly always?: boolean;
}

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The server of a checkout of the project, with the packages it has there. */
export function inkwireAt(root: string): Contestant {
  return {
    id: 'inkwire',
    title: 'Inkwire',
    args: [join(root, 'server', 'main.ts'), 'serve'],
    // As `npm start` and `inkwire serve` run it.
    env: (databaseUrl) => ({ ...memoryEnv, DATABASE_URL: databaseUrl, HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'warn' }),
    dialect: hocuspocus('/collab'),
    stores: true,
    tellsHistory: true,
    always: true,
  };
}

const inkwire = inkwireAt(file('../..'));

/** In the order of the table's columns. The first is the one the others are compared with. */
export const CONTESTANTS: readonly Contestant[] = [
  inkwire,
  {
    ...inkwire,
    id: 'inkwire-extension',
    title: 'Inkwire, one hook',
    args: [...inkwire.args, '--extension', file('./one-hook.ts')],
    tellsHistory: false,
    always: false,
  },
  {
    id: 'inkwire-floor',
    title: 'Inkwire, no database',
    args: [file('./inkwire-without-database.ts')],
    env: () => ({}),
    dialect: hocuspocus('/collab'),
    stores: false,
  },
  {
    id: 'stock',
    title: 'stock',
    args: [file('../peers/stock-hocuspocus.ts')],
    env: () => ({}),
    dialect: hocuspocus('/'),
    stores: false,
  },
  {
    id: 'stock-database',
    title: 'stock + database',
    args: [file('../peers/stock-hocuspocus.ts')],
    env: (databaseUrl) => ({ DATABASE_URL: databaseUrl }),
    dialect: hocuspocus('/'),
    stores: true,
    storesLate: true,
  },
  {
    id: 'y-websocket',
    title: 'y-websocket',
    args: [file('../peers/y-websocket/server.ts')],
    env: () => ({}),
    dialect: yWebsocket,
    stores: false,
  },
  {
    id: 'relay',
    title: 'bare relay',
    args: [file('../peers/relay.ts')],
    env: () => ({}),
    dialect: yWebsocket,
    stores: false,
  },
];
