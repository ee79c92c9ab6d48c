import { randomUUID } from 'node:crypto';
import type { Sql } from 'postgres';
import { connect } from './connection.ts';
import { explained } from './database-errors.ts';
import { storableText } from './postgres-text.ts';

/** A version that somebody gave a name. */
export interface NamedVersion {
  readonly id: string;
  /** The `seq` of the last update that is part of it. */
  readonly version: number;
  readonly name: string;
  /** The `sub` of who named it; `null` for a guest. */
  readonly namedBy: string | null;
  /** Milliseconds since 1970. */
  readonly namedAt: number;
}

/** Names of one document; one more is refused. */
export const MAX_NAMES = 1_000;

/** The names of versions, for all nodes. Everything rejects with `database-unavailable` when it is away. */
export interface VersionNameStore {
  /** Names a version of a document that is there, its last one without a number. */
  add(
    documentName: string,
    named: { readonly version: number | null; readonly name: string; readonly by: string | null },
  ): Promise<NamedVersion | 'no-document' | 'no-version' | 'full'>;
  /** All names of a document, by version. */
  list(documentName: string): Promise<NamedVersion[]>;
  /** False when there is no such name. */
  remove(documentName: string, id: string): Promise<boolean>;
  /** Ends the connections. Safe to call twice. */
  close(): Promise<void>;
}

/** Opens the names of a database whose schema is up to date, as `openPostgresStore` leaves it. */
export function openVersionNameStore(url: string): VersionNameStore {
  return new PostgresVersionNameStore(url);
}

interface NameRow {
  readonly id: string;
  readonly seq: string;
  readonly name: string;
  readonly named_by: string | null;
  readonly named_at: Date;
}

class PostgresVersionNameStore implements VersionNameStore {
  readonly #sql: Sql;

  constructor(url: string) {
    this.#sql = connect(url, 2);
  }

  add(documentName: string, { version, name, by }: { version: number | null; name: string; by: string | null }) {
    return explained(async () => {
      const [row] = await this.#sql<(NameRow & { fate: 'named' | 'no-version' | 'full' })[]>`
        with document as (
          select d.id, d.epoch, d.head, coalesce(${version}::bigint, d.head) as seq,
            (select count(*) from inkwire.version_names n where n.document_id = d.id and n.epoch = d.epoch) as names
          from inkwire.documents d where d.name = ${documentName} and d.deleted_at is null
        ), named as (
          insert into inkwire.version_names (id, document_id, epoch, seq, name, named_by)
          select ${randomUUID()}, id, epoch, seq, ${storableText(name)}, ${by === null ? null : storableText(by)}
          from document where seq between 1 and head and names < ${MAX_NAMES}
          returning id, seq, name, named_by, named_at
        )
        select case when n.id is not null then 'named' when d.names >= ${MAX_NAMES} then 'full' else 'no-version' end as fate,
          n.id, n.seq, n.name, n.named_by, n.named_at
        from document d left join named n on true`;
      if (row === undefined) return 'no-document';
      return row.fate === 'named' ? namedVersion(row) : row.fate;
    });
  }

  list(documentName: string): Promise<NamedVersion[]> {
    return explained(async () => {
      const rows = await this.#sql<NameRow[]>`
        select n.id, n.seq, n.name, n.named_by, n.named_at
        from inkwire.version_names n join inkwire.documents d on d.id = n.document_id and d.epoch = n.epoch
        where d.name = ${documentName} and d.deleted_at is null order by n.seq, n.named_at`;
      return rows.map(namedVersion);
    });
  }

  remove(documentName: string, id: string): Promise<boolean> {
    return explained(async () => {
      const rows = await this.#sql`
        delete from inkwire.version_names n using inkwire.documents d
        where d.id = n.document_id and d.epoch = n.epoch and d.name = ${documentName} and d.deleted_at is null and n.id = ${id}
        returning n.id`;
      return rows.length > 0;
    });
  }

  async close(): Promise<void> {
    await this.#sql.end({ timeout: 5 });
  }
}

function namedVersion({ id, seq, name, named_by, named_at }: NameRow): NamedVersion {
  return { id, version: Number(seq), name, namedBy: named_by, namedAt: named_at.getTime() };
}
