import type { Sql } from 'postgres';
import { connect } from './connection.ts';
import { explained } from './database-errors.ts';

/** How long a key names a request, as Postgres writes it. */
const KEY_LIFE = '24 hours';

/** Who has not finished an edit for so long is taken for dead: longer than a conversion and a commit may take together. */
const LEASE = '2 minutes';

/** What an edit over HTTP does: operations, taking back, bringing a version back, or the content of a file in the place of what was there. */
export type EditKind = 'script' | 'undo' | 'restore' | 'import';

/** An edit that is about to be made. */
export interface NewEdit {
  readonly kind: EditKind;
  readonly id: string;
  readonly documentName: string;
  /** Nobody else's Yjs client id. */
  readonly clientId: number;
  readonly author: string | null;
  /** SHA-256; `null` without a key. */
  readonly keyHash: Uint8Array | null;
  readonly requestHash: Uint8Array;
}

/** What the key of an edit stands for already. */
export interface KnownEdit {
  readonly id: string;
  readonly clientId: number;
  readonly isSameRequest: boolean;
  /** As it was given to `finish`; `null` when it was not. */
  readonly answer: unknown;
  /** Whoever began it may be at it still. */
  readonly isUnderWay: boolean;
}

/** The record of edits over HTTP, for all nodes. Everything rejects with `database-unavailable` when it is away. */
export interface EditStore {
  /** Notes an edit before it is made; resolves with the one that its key stands for, and with `no-document` where there is none. */
  begin(edit: NewEdit): Promise<'begun' | 'no-document' | KnownEdit>;
  /** Takes up an edit that whoever began it has not finished; false when somebody else has. */
  takeOver(known: KnownEdit, clientId: number): Promise<boolean>;
  /** `version` is what the edit led to; `null` when nothing was to be changed. */
  finish(id: string, answer: unknown, version: number | null): Promise<void>;
  /** Notes an edit that was made without having been begun. */
  add(edit: Pick<NewEdit, 'id' | 'documentName' | 'clientId' | 'author' | 'kind'>, version: number): Promise<void>;
  /** Forgets an edit that was not made. */
  drop(id: string): Promise<void>;
  /** An edit of a document that is there; `null` when there is no such edit. */
  find(documentName: string, id: string): Promise<Pick<NewEdit, 'clientId' | 'author'> | null>;
  /** Ends the connections. Safe to call twice. */
  close(): Promise<void>;
}

/** Opens the record of edits of a database whose schema is up to date, as `openPostgresStore` leaves it. */
export function openEditStore(url: string): EditStore {
  return new PostgresEditStore(url);
}

interface KnownRow {
  readonly id: string;
  readonly client_id: string;
  readonly same: boolean;
  readonly answer: unknown;
  readonly under_way: boolean;
}

class PostgresEditStore implements EditStore {
  readonly #sql: Sql;

  constructor(url: string) {
    this.#sql = connect(url, 2);
  }

  begin(edit: NewEdit): Promise<'begun' | 'no-document' | KnownEdit> {
    return explained(async () => {
      const { id, documentName, clientId, author, kind, keyHash, requestHash } = edit;
      if (keyHash !== null) {
        await this.#sql`
          update inkwire.edits set key_hash = null where key_hash = ${keyHash} and started_at < now() - ${KEY_LIFE}::interval`;
      }
      const [begun] = await this.#sql`
        insert into inkwire.edits (id, document_id, epoch, client_id, author, kind, key_hash, request_hash)
        select ${id}, d.id, d.epoch, ${clientId}, ${author}, ${kind}, ${keyHash}, ${requestHash}
        from inkwire.documents d where d.name = ${documentName} and d.deleted_at is null
        on conflict (document_id, epoch, key_hash) where key_hash is not null do nothing
        returning id`;
      if (begun !== undefined) return 'begun';
      const [known] = await this.#sql<KnownRow[]>`
        select e.id, e.client_id, e.request_hash = ${requestHash} as same, e.answer,
          e.answer is null and e.started_at > now() - ${LEASE}::interval as under_way
        from inkwire.edits e join inkwire.documents d on d.id = e.document_id and d.epoch = e.epoch
        where d.name = ${documentName} and d.deleted_at is null and e.key_hash = ${keyHash}`;
      if (known === undefined) return 'no-document';
      const { client_id, same, answer, under_way } = known;
      return { id: known.id, clientId: Number(client_id), isSameRequest: same, answer, isUnderWay: under_way };
    });
  }

  takeOver({ id, clientId: former }: KnownEdit, clientId: number): Promise<boolean> {
    return explained(async () => {
      const taken = await this.#sql`
        update inkwire.edits set client_id = ${clientId}, started_at = now()
        where id = ${id} and client_id = ${former} and answer is null returning id`;
      return taken.length > 0;
    });
  }

  finish(id: string, answer: unknown, version: number | null): Promise<void> {
    return explained(async () => {
      await this.#sql`update inkwire.edits set answer = ${this.#sql.json(answer as never)}, seq = ${version} where id = ${id}`;
    });
  }

  add({ id, documentName, clientId, author, kind }: Omit<NewEdit, 'keyHash' | 'requestHash'>, version: number): Promise<void> {
    return explained(async () => {
      await this.#sql`
        insert into inkwire.edits (id, document_id, epoch, client_id, author, kind, request_hash, answer, seq)
        select ${id}, d.id, d.epoch, ${clientId}, ${author}, ${kind}, ''::bytea, '{}', ${version}
        from inkwire.documents d where d.name = ${documentName} and d.deleted_at is null`;
    });
  }

  drop(id: string): Promise<void> {
    return explained(async () => {
      await this.#sql`delete from inkwire.edits where id = ${id}`;
    });
  }

  find(documentName: string, id: string): Promise<Pick<NewEdit, 'clientId' | 'author'> | null> {
    return explained(async () => {
      const [row] = await this.#sql<{ client_id: string; author: string | null }[]>`
        select e.client_id, e.author from inkwire.edits e join inkwire.documents d on d.id = e.document_id and d.epoch = e.epoch
        where d.name = ${documentName} and d.deleted_at is null and e.id = ${id}`;
      return row === undefined ? null : { clientId: Number(row.client_id), author: row.author };
    });
  }

  async close(): Promise<void> {
    await this.#sql.end({ timeout: 5 });
  }
}
