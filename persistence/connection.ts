import postgres, { type Sql } from 'postgres';
import type { DatabaseLog } from './database-log.ts';
import { LATEST_MIGRATION } from './migration-files.ts';

/** How the names of our connections begin; the last migration that their process knows follows. */
export const APPLICATION_NAME = 'inkwire, migration ';

/** The last migration that the process of a connection of this name knows. */
export function migrationOf(applicationName: string): number {
  return Number(applicationName.slice(APPLICATION_NAME.length));
}

const CONNECT_TIMEOUT_S = 10;
/** The pause before a connection is tried again; callers that ask repeatedly have a back-off of their own. */
const RECONNECT_S = 0.05;

/** A pool of at most `max` connections to the database at `url`, opened as they are needed. `onLog` gets Postgres' notices. */
export function connect(url: string, max: number, onLog: DatabaseLog = () => {}): Sql {
  return postgres(url, {
    max,
    // Saves a round trip on every connection; arrays cross as text here.
    fetch_types: false,
    connect_timeout: CONNECT_TIMEOUT_S,
    backoff: () => RECONNECT_S,
    onnotice: ({ severity, message }) => onLog(severity === 'WARNING' ? 'warn' : 'debug', `${severity}: ${message}`),
    connection: { application_name: `${APPLICATION_NAME}${LATEST_MIGRATION}` },
  });
}
