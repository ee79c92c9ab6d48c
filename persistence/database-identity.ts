import { createHash } from 'node:crypto';
import { connect } from './connection.ts';

/**
 * A name for the database at `url` that no other has, and that says nothing about it: what nodes share who are nodes of one system. It
 * goes by when the tables were made, and by the Postgres they lie in where the role may ask that, so a copy on another server is another.
 */
export async function databaseIdentity(url: string): Promise<string> {
  const sql = connect(url, 1);
  try {
    const [made] = await sql<{ at: string; database: string }[]>`
      select to_char(min(applied_at) at time zone 'UTC', 'YYYYMMDDHH24MISSUS') as at,
        (select oid::text from pg_database where datname = current_database()) as database
      from inkwire.migrations`;
    const system = await sql<{ id: string }[]>`select system_identifier::text as id from pg_control_system()`.then(
      ([row]) => row?.id ?? '',
      () => '',
    );
    return createHash('sha256').update(`${system}/${made?.database}/${made?.at}`).digest('hex').slice(0, 16);
  } finally {
    await sql.end({ timeout: 1 });
  }
}
