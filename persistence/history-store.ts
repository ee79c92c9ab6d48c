import type { Sql } from 'postgres';
import { decodeActivity, PERIOD_MS, type Period, periodsOf, type Share } from './activity.ts';
import { decodeCheckpoint } from './checkpoint.ts';
import { toUpdate, type UpdateRow } from './compaction.ts';
import { connect } from './connection.ts';
import { explained } from './database-errors.ts';
import type { LoggedUpdate } from './document-store.ts';
import type { EditKind } from './edit-store.ts';
import { decodeHistory } from './history-chunk.ts';

/** As many updates of the log as that are read beyond a version: its neighbours are asked for next. */
const MORE_UPDATES = 5_000;

/** A part of a document's history with the state it goes on from. */
export interface Stretch {
  /** Which document, and which life of it. */
  readonly documentId: string;
  readonly epoch: number;
  /** The state before it, a Yjs update of format V2; `null` at the beginning of the document. */
  readonly base: Uint8Array | null;
  /** The last update that is part of `base`; 0 at the beginning. */
  readonly baseSeq: number;
  /** What follows without a gap, at least up to the version that was asked for. */
  readonly updates: readonly LoggedUpdate[];
}

/** The history of documents, read by their names. Everything rejects with `database-unavailable` when it is away. */
export interface HistoryStore {
  /** Which document has this name, and which life of it. */
  identity(documentName: string): Promise<Pick<Stretch, 'documentId' | 'epoch'> | 'no-document'>;
  /** The stretch that holds a version; `no-version` for one that the document does not have. */
  stretch(documentName: string, version: number): Promise<Stretch | 'no-document' | 'no-version'>;
  /** The updates of a document after a version and up to another, in their order. */
  updates(documentName: string, after: number, upTo: number): Promise<LoggedUpdate[] | 'no-document'>;
  /** The last version at a time, milliseconds since 1970; 0 before the first. */
  versionAt(documentName: string, at: number): Promise<number | 'no-document'>;
  /** All that was done in a document, in its order. */
  activity(documentName: string): Promise<Period[] | 'no-document'>;
  /** What was done over HTTP in a document, in its order. */
  edits(documentName: string): Promise<MadeEdit[] | 'no-document'>;
  /** Ends the connections. Safe to call twice. */
  close(): Promise<void>;
}

/** An edit over HTTP. */
export interface MadeEdit {
  /** The head of the log once it was committed. */
  readonly version: number;
  readonly kind: EditKind;
  readonly author: string | null;
}

/** Opens the history of a database whose schema is up to date, as `openPostgresStore` leaves it. */
export function openHistoryStore(url: string): HistoryStore {
  return new PostgresHistoryStore(url);
}

interface Document {
  readonly id: string;
  readonly epoch: number;
  readonly head: string;
}

class PostgresHistoryStore implements HistoryStore {
  readonly #sql: Sql;

  constructor(url: string) {
    this.#sql = connect(url, 2);
  }

  identity(documentName: string): Promise<Pick<Stretch, 'documentId' | 'epoch'> | 'no-document'> {
    return explained(async () => {
      const [document] = await this.#sql<Document[]>`
        select id, epoch, head from inkwire.documents where name = ${documentName} and deleted_at is null`;
      return document === undefined ? 'no-document' : { documentId: document.id, epoch: document.epoch };
    });
  }

  stretch(documentName: string, version: number): Promise<Stretch | 'no-document' | 'no-version'> {
    return this.#read(documentName, async (sql, { id, epoch, head }) => {
      if (version < 1 || version > Number(head)) return 'no-version';
      const { base, baseSeq } = await checkpointBefore(sql, id, version);
      const [chunk] = await sql<{ last_seq: string }[]>`
        select last_seq from inkwire.history where document_id = ${id} and first_seq <= ${version} order by first_seq desc limit 1`;
      const isPacked = chunk !== undefined && Number(chunk.last_seq) >= version;
      const end = isPacked ? Number(chunk.last_seq) : Math.min(Number(head), version + MORE_UPDATES);
      const updates = await updatesBetween(sql, id, baseSeq, end);
      return { documentId: id, epoch, base, baseSeq, updates };
    });
  }

  updates(documentName: string, after: number, upTo: number): Promise<LoggedUpdate[] | 'no-document'> {
    return this.#read(documentName, (sql, { id }) => updatesBetween(sql, id, after, upTo));
  }

  versionAt(documentName: string, at: number): Promise<number | 'no-document'> {
    return this.#read(documentName, async (sql, { id }) => {
      // Postgres has microseconds, of which nobody outside is told.
      const moment = new Date(at + 1);
      const [inLog] = await sql<{ seq: string | null }[]>`
        select max(seq) as seq from inkwire.updates where document_id = ${id} and at < ${moment}`;
      if (inLog?.seq != null) return Number(inLog.seq);
      const [chunk] = await sql<{ data: Buffer }[]>`
        select data from inkwire.history where document_id = ${id} and first_at < ${moment} order by first_seq desc limit 1`;
      return chunk === undefined ? 0 : (decodeHistory(chunk.data).findLast((update) => update.at <= at)?.seq ?? 0);
    });
  }

  activity(documentName: string): Promise<Period[] | 'no-document'> {
    return this.#read(documentName, async (sql, { id }) => {
      const chunks = await sql<{ first_seq: string; activity: Buffer | null }[]>`
        select first_seq, activity from inkwire.history where document_id = ${id} order by first_seq`;
      const periods: Period[] = [];
      for (const { first_seq, activity } of chunks) {
        const known = activity === null ? null : decodeActivity(activity);
        for (const period of known ?? (await this.#readActivity(sql, id, first_seq))) periods.push(period);
      }
      for (const period of await periodsInLog(sql, id)) periods.push(period);
      return periods;
    });
  }

  edits(documentName: string): Promise<MadeEdit[] | 'no-document'> {
    return this.#read(documentName, async (sql, { id, epoch }) => {
      const rows = await sql<{ seq: string; kind: EditKind; author: string | null }[]>`
        select seq, kind, author from inkwire.edits
        where document_id = ${id} and epoch = ${epoch} and seq is not null and kind is not null order by seq`;
      return rows.map(({ seq, kind, author }) => ({ version: Number(seq), kind, author }));
    });
  }

  async close(): Promise<void> {
    await this.#sql.end({ timeout: 5 });
  }

  /** Of a chunk that does not say. */
  async #readActivity(sql: Sql, id: string, firstSeq: string): Promise<Period[]> {
    const [chunk] = await sql<{ data: Buffer }[]>`select data from inkwire.history where document_id = ${id} and first_seq = ${firstSeq}`;
    return chunk === undefined ? [] : periodsOf(decodeHistory(chunk.data));
  }

  /** Several statements that see one moment, whatever is compacted meanwhile. */
  #read<T>(documentName: string, read: (sql: Sql, document: Document) => Promise<T>): Promise<T | 'no-document'> {
    return explained(async () => {
      const answer = await this.#sql.begin('isolation level repeatable read read only', async (sql) => {
        const [document] = await sql<Document[]>`
          select id, epoch, head from inkwire.documents where name = ${documentName} and deleted_at is null`;
        return { of: document === undefined ? ('no-document' as const) : await read(sql as unknown as Sql, document) };
      });
      return answer.of as T | 'no-document';
    });
  }
}

interface ShareRow {
  readonly number: string;
  readonly author: string | null;
  readonly from: string;
  readonly to: string;
  readonly edits: string;
  readonly first_at: Date;
  readonly last_at: Date;
}

/** What `periodsOf` says of the log, whose rows would take the driver many times as long. */
async function periodsInLog(sql: Sql, id: string): Promise<Period[]> {
  const rows = await sql<ShareRow[]>`
    with deed as (
      select seq, author, date_trunc('milliseconds', max(at) over (order by seq)) as at from inkwire.updates where document_id = ${id}
    )
    select floor(extract(epoch from at) * 1000 / ${PERIOD_MS}) as number, author, min(seq) as from, max(seq) as to, count(*) as edits,
      min(at) as first_at, max(at) as last_at
    from deed group by 1, 2 order by 1, 3`;
  const periods: { readonly number: number; readonly from: number; to: number; readonly shares: Share[] }[] = [];
  for (const row of rows) {
    const number = Number(row.number);
    if (number !== periods.at(-1)?.number) periods.push({ number, from: Number(row.from), to: Number(row.to), shares: [] });
    const period = periods.at(-1)!;
    period.to = Math.max(period.to, Number(row.to));
    period.shares.push({ author: row.author, edits: Number(row.edits), firstAt: row.first_at.getTime(), lastAt: row.last_at.getTime() });
  }
  return periods;
}

/** The last sound checkpoint before a version. */
async function checkpointBefore(sql: Sql, id: string, version: number): Promise<Pick<Stretch, 'base' | 'baseSeq'>> {
  for (let before = version; ; ) {
    const [checkpoint] = await sql<{ seq: string; data: Buffer }[]>`
      select seq, data from inkwire.checkpoints where document_id = ${id} and seq < ${before} order by seq desc limit 1`;
    if (checkpoint === undefined) return { base: null, baseSeq: 0 };
    before = Number(checkpoint.seq);
    try {
      return { base: decodeCheckpoint(checkpoint.data), baseSeq: before };
    } catch {
      // The history before it says the same.
    }
  }
}

async function updatesBetween(sql: Sql, id: string, after: number, upTo: number): Promise<LoggedUpdate[]> {
  const updates: LoggedUpdate[] = [];
  const chunks = await sql<{ data: Buffer }[]>`
    select data from inkwire.history where document_id = ${id} and last_seq > ${after} and first_seq <= ${upTo} order by first_seq`;
  for (const { data } of chunks)
    for (const update of decodeHistory(data)) if (update.seq > after && update.seq <= upTo) updates.push(update);
  const rows = await sql<UpdateRow[]>`
    select seq, author, at, data from inkwire.updates where document_id = ${id} and seq > ${after} and seq <= ${upTo} order by seq`;
  for (const row of rows) updates.push(toUpdate(row));
  return updates;
}
