import type { Sql } from 'postgres';
import { nameProblem } from '../protocol/document-name.ts';
import { InkwireError } from '../protocol/errors.ts';
import { SERVER_SUB } from '../protocol/identity.ts';
import { AppendBatch, type AppendedRow } from './append-batch.ts';
import { claimClientIds } from './claiming.ts';
import { compactDocument } from './compaction.ts';
import { connect } from './connection.ts';
import { explainDatabaseError } from './database-errors.ts';
import type { DatabaseLog } from './database-log.ts';
import { deleteDocument } from './deletion.ts';
import type {
  Append,
  AppendResult,
  Compaction,
  CreateOptions,
  DocumentHandle,
  DocumentInfo,
  DocumentStore,
  ListOptions,
  LoadedDocument,
  LoggedUpdate,
  LogHead,
  MergeUpdates,
  Page,
} from './document-store.ts';
import { decodeCursor, encodeCursor } from './list-cursor.ts';
import { loadDocument } from './loading.ts';
import { applyMigrations } from './migrate.ts';
import { foldCase, storableText, textArray } from './postgres-text.ts';
import { readUpdatesAfter } from './updates.ts';

export interface PostgresStoreOptions {
  /** Postgres' notices, and the migrations applied. */
  readonly onLog?: DatabaseLog;
  /** Loads what is large away from the event loop, as `load` does; `load` does it all without. */
  readonly loadLarge?: (name: string) => Promise<LoadedDocument>;
}

/** More than this is loaded by `loadLarge`, bytes: less takes 20 ms, and a thread up to 300 to start. */
const LARGE_BYTES = 1024 * 1024;

const READ_CONNECTIONS = 6;
const CLOSE_TIMEOUT_S = 5;
const MAX_UPDATES_PER_PAGE = 10_000;
const MAX_PER_PAGE = 200;

interface InfoRow {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly head: string;
  readonly snapshot_bytes: number;
  readonly log_bytes: string;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly updated_at_micros: string;
  readonly updated_by: string | null;
}

/**
 * Opens the store in a Postgres 15 or later, its schema brought up to date. Rejects with
 * `database-unavailable` when the database cannot be reached, or was written by a newer version.
 */
export async function openPostgresStore(url: string, options: PostgresStoreOptions = {}): Promise<DocumentStore> {
  const store = new PostgresStore(url, options);
  try {
    for (const name of await store.migrate()) options.onLog?.('debug', `applied the migration ${name}`);
  } catch (error) {
    await store.close();
    throw error;
  }
  return store;
}

/** The same of a database whose schema is up to date: somebody has opened it. */
export function reopenPostgresStore(url: string, options: PostgresStoreOptions = {}): DocumentStore {
  return new PostgresStore(url, options);
}

class PostgresStore implements DocumentStore {
  readonly #sql: Sql;
  /** Appends have a connection of their own: no search or load, however slow, stands before an acknowledgement. */
  readonly #log: Sql;

  readonly #loadLarge: PostgresStoreOptions['loadLarge'];

  constructor(url: string, { onLog, loadLarge }: PostgresStoreOptions) {
    this.#loadLarge = loadLarge;
    this.#sql = connect(url, READ_CONNECTIONS, onLog);
    this.#log = connect(url, 1, onLog);
  }

  migrate(): Promise<string[]> {
    return explained(() => applyMigrations(this.#sql));
  }

  create(name: string, options: CreateOptions = {}): Promise<{ info: DocumentInfo; handle: DocumentHandle }> {
    return explained(async () => {
      requireName(name);
      const title = storableText(options.title ?? '');
      const { update = null, author = null, clientId = null } = options;
      const storedAuthor = author === null ? null : storableText(author);
      const [row] = await this.#sql<(InfoRow & { readonly epoch: number })[]>`
        with made as (
          insert into inkwire.documents as d (name, title, search_text, head, log_bytes, updated_by)
            values (${name}, ${title}, ${searchText(name, title)}, ${update === null ? 0 : 1}, ${update?.length ?? 0}, ${storedAuthor})
            on conflict (name) do update set
              title = excluded.title, search_text = excluded.search_text, head = excluded.head, log_bytes = excluded.log_bytes,
              created_at = excluded.created_at, updated_at = excluded.updated_at, listed_at = excluded.listed_at,
              updated_by = excluded.updated_by, schema_version = excluded.schema_version, deleted_at = null
              where d.deleted_at is not null
            returning *
        ), written as (
          insert into inkwire.updates (document_id, seq, author, at, data)
            select id, head, updated_by, updated_at, ${update}::bytea from made where head > 0
        ), claimed as (
          insert into inkwire.client_ids (document_id, client_id, sub, claimed_at)
            select id, ${clientId}::bigint, ${SERVER_SUB}, updated_at from made where ${clientId}::bigint is not null
        )
        select ${this.#infoColumns}, d.epoch from made as d`;
      if (row === undefined) throw new InkwireError('document-exists', `A document named "${name}" exists already.`);
      const info = toInfo(row);
      return { info, handle: { name, id: row.id, epoch: row.epoch, head: info.version } };
    });
  }

  info(name: string): Promise<DocumentInfo | null> {
    return explained(async () => {
      if (nameProblem(name) !== null) return null;
      const [row] = await this.#sql<InfoRow[]>`
        select ${this.#infoColumns} from inkwire.documents d where d.name = ${name} and d.deleted_at is null`;
      return row === undefined ? null : toInfo(row);
    });
  }

  list({ cursor, limit, search, within }: ListOptions): Promise<Page<DocumentInfo>> {
    return explained(async () => {
      if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PER_PAGE) {
        throw new InkwireError('bad-request', `A page holds 1 to ${MAX_PER_PAGE} documents.`);
      }
      const sql = this.#sql;
      const after = cursor == null ? null : decodeCursor(cursor);
      const moment = sql`(timestamptz 'epoch' + ${after?.updatedAtMicros ?? null}::bigint * interval '1 microsecond')`;
      const rows = await sql<InfoRow[]>`
        select ${this.#infoColumns} from inkwire.documents d
        where d.deleted_at is null
          ${after === null ? sql`` : sql`and (d.listed_at, d.updated_at, d.id) < (date_trunc('second', ${moment}), ${moment}, ${after.id}::bigint)`}
          ${search ? sql`and position(${foldCase(storableText(search))} in d.search_text) > 0` : sql``}
          ${within === undefined ? sql`` : sql`and d.id in (${this.#idsWithin(within)})`}
        order by d.listed_at desc, d.updated_at desc, d.id desc
        limit ${limit + 1}`;
      const items = rows.slice(0, limit);
      const last = items.at(-1);
      const next =
        rows.length > limit && last !== undefined ? encodeCursor({ updatedAtMicros: last.updated_at_micros, id: last.id }) : null;
      return { items: items.map(toInfo), next };
    });
  }

  delete(name: string): Promise<boolean> {
    return explained(async () => {
      if (nameProblem(name) !== null) return false;
      return deleteDocument(this.#sql, name);
    });
  }

  load(name: string): Promise<LoadedDocument> {
    return explained(async () => {
      requireName(name);
      if (this.#loadLarge === undefined) return loadDocument(this.#sql, name);
      return (await loadDocument(this.#sql, name, LARGE_BYTES)) ?? this.#loadLarge(name);
    });
  }

  append(entries: readonly Append[]): Promise<AppendResult[]> {
    return explained(async () => {
      const [first] = entries;
      if (first === undefined) return [];
      if (entries.length === 1 && isPlain(first)) return [await this.#appendOne(first)];
      const batch = new AppendBatch(entries);
      const c = batch.columns;
      const rows = await this.#log<AppendedRow[]>`
        select place, document_id, document_head from inkwire.append_updates(
          ${c.ids}, ${c.names}, ${c.searchTexts}, ${c.epochs}, ${c.counts}, ${c.sizes}, ${c.lastAuthors},
          ${c.documents}, ${c.nths}, ${c.authors}, ${c.authorNames}, ${c.offsets}, ${c.lengths}, ${c.bytes},
          ${c.claimDocuments}, ${c.claimedIds}, ${c.claimSubs})`;
      const seqs = batch.settle(rows);
      return seqs.includes(null) ? this.#explain(entries, seqs) : seqs.map((seq) => ({ status: 'committed', seq: seq as number }));
    });
  }

  /** The fates of a batch of which something was not taken. */
  async #explain(entries: readonly Append[], seqs: readonly (number | null)[]): Promise<AppendResult[]> {
    const refused = [...new Set(entries.filter((_, at) => seqs[at] === null).map(({ handle }) => handle))];
    const heads = await this.heads(refused);
    const statuses = new Map(refused.map((handle, at) => [handle, heads[at] === 'deleted' ? 'deleted' : 'missing'] as const));
    return entries.map(({ handle }, at) => {
      const seq = seqs[at];
      return seq == null ? { status: statuses.get(handle) ?? 'missing' } : { status: 'committed', seq };
    });
  }

  async #appendOne({ handle, update, author }: Append): Promise<AppendResult> {
    const by = author === null ? null : storableText(author);
    const [row] = await this.#log<{ head: string | null }[]>`
      select inkwire.append_update(${handle.id}, ${handle.name}, ${handle.epoch}, ${by}, ${update}) as head`;
    if (row?.head != null) return { status: 'committed', seq: Number(row.head) };
    const [head] = await this.heads([handle]);
    return { status: head === 'deleted' ? 'deleted' : 'missing' };
  }

  updatesAfter(handle: DocumentHandle, seq: number, limit = MAX_UPDATES_PER_PAGE): Promise<LoggedUpdate[]> {
    return explained(() => readUpdatesAfter(this.#sql, handle, seq, Math.min(limit, MAX_UPDATES_PER_PAGE)));
  }

  schemaVersion({ name, epoch }: DocumentHandle): Promise<number> {
    return explained(async () => {
      const [row] = await this.#sql<{ version: number }[]>`
        select schema_version as version from inkwire.documents where name = ${name} and epoch = ${epoch} and deleted_at is null`;
      return row?.version ?? 1;
    });
  }

  claimClientIds(handle: DocumentHandle, clientIds: readonly number[], sub: string): Promise<ReadonlyMap<number, string>> {
    return explained(() => claimClientIds(this.#sql, handle, clientIds, storableText(sub)));
  }

  heads(handles: readonly DocumentHandle[]): Promise<LogHead[]> {
    return explained(async () => {
      if (handles.length === 0) return [];
      // Asked by name: an id may be another document's in a database that has fallen back.
      const rows = await this.#sql<{ place: string; id: string; epoch: number; head: string; deleted: boolean }[]>`
        select t.place, d.id, d.epoch, d.head, d.deleted_at is not null as deleted
        from unnest(${textArray(handles.map(({ name }) => name))}::text[]) with ordinality as t (name, place)
        join inkwire.documents d on d.name = t.name`;
      const byPlace = new Map(rows.map((row) => [Number(row.place), row]));
      return handles.map(({ id, epoch }, at) => {
        const row = byPlace.get(at + 1);
        if (row === undefined || row.epoch < epoch) return 'missing';
        if (row.epoch > epoch) return 'deleted';
        return row.deleted || (id !== null && row.id !== id) ? 'missing' : Number(row.head);
      });
    });
  }

  reclaim(handle: DocumentHandle): Promise<LoadedDocument> {
    return explained(async () => {
      await this.#sql`select inkwire.reclaim_document(${handle.name}, ${foldCase(handle.name)}, ${handle.epoch})`;
      const loaded = await loadDocument(this.#sql, handle.name);
      if (loaded.handle.epoch !== handle.epoch) throw new InkwireError('document-deleted', `The document "${handle.name}" was deleted.`);
      handle.id = loaded.handle.id;
      handle.head = loaded.head;
      return { ...loaded, handle };
    });
  }

  setTitle(handle: DocumentHandle, title: string): Promise<void> {
    return explained(async () => {
      const stored = storableText(title);
      if (handle.id !== null)
        await this.#sql`
        update inkwire.documents set title = ${stored}, search_text = ${searchText(handle.name, stored)}
        where id = ${handle.id} and name = ${handle.name} and epoch = ${handle.epoch} and deleted_at is null and title <> ${stored}`;
    });
  }

  raiseSchemaVersion(handle: DocumentHandle, version: number): Promise<void> {
    return explained(async () => {
      if (handle.id === null) return;
      await this.#sql`
        update inkwire.documents set schema_version = greatest(schema_version, ${version})
        where id = ${handle.id} and name = ${handle.name} and epoch = ${handle.epoch} and deleted_at is null`;
    });
  }

  compact(handle: DocumentHandle, merge: MergeUpdates): Promise<Compaction> {
    return explained(() => compactDocument(this.#sql, handle, merge));
  }

  count(): Promise<number> {
    return explained(async () => {
      const [row] = await this.#sql<{ count: string }[]>`select count(*) from inkwire.documents where deleted_at is null`;
      return Number(row?.count);
    });
  }

  ping(): Promise<void> {
    return explained(async () => void (await this.#sql`select 1`));
  }

  async close(): Promise<void> {
    await Promise.all([this.#sql.end({ timeout: CLOSE_TIMEOUT_S }), this.#log.end({ timeout: CLOSE_TIMEOUT_S })]);
  }

  /** Ranges of names rather than patterns, for the index on the name serves these: "0" is the character after "/". */
  #idsWithin({ names, prefixes }: NonNullable<ListOptions['within']>) {
    // No document has a name that cannot be stored; a storable form of it may be the name of another.
    const storable = (texts: readonly string[]) => texts.filter((text) => storableText(text) === text);
    const starts = storable(prefixes);
    const ends = starts.map((prefix) => `${prefix.slice(0, -1)}0`);
    return this.#sql`
      select n.id from inkwire.documents n where n.name = any(${textArray(storable(names))}::text[])
      union all
      select n.id from unnest(${textArray(starts)}::text[], ${textArray(ends)}::text[]) as range(first, past)
        join inkwire.documents n on n.name >= range.first and n.name < range.past`;
  }

  /** The columns of `documents d` that a `DocumentInfo` is made of. */
  get #infoColumns() {
    return this.#sql`
      d.id, d.name, d.title, d.head, coalesce(octet_length(d.snapshot), 0) as snapshot_bytes, d.log_bytes, d.created_at, d.updated_at,
      (extract(epoch from d.updated_at) * 1000000)::bigint as updated_at_micros, d.updated_by`;
  }
}

/** Its document has a row, and nothing goes out with it. */
function isPlain({ handle }: Append): boolean {
  return handle.id !== null && (handle.claimed === undefined || handle.claimed.size === 0);
}

function toInfo(row: InfoRow): DocumentInfo {
  return {
    name: row.name,
    title: row.title,
    version: Number(row.head),
    snapshotBytes: row.snapshot_bytes,
    logBytes: Number(row.log_bytes),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
  };
}

function searchText(name: string, title: string): string {
  return foldCase(`${name}\n${title}`);
}

function requireName(name: string): void {
  const problem = nameProblem(name);
  if (problem !== null) throw new InkwireError('bad-name', `The name ${problem}.`);
}

async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explainDatabaseError(error);
  }
}
