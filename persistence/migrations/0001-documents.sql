-- Documents, their append-only log of updates, and what was folded out of it.

comment on table inkwire.migrations is 'The numbered files of persistence/migrations that were applied; each once, in order.';

create table inkwire.documents (
  id bigint generated always as identity primary key,
  name text collate "C" not null unique,
  title text not null default '',
  folded text not null,
  epoch integer not null default 1,
  schema_version integer not null default 1,
  head bigint not null default 0,
  log_bytes bigint not null default 0,
  snapshot bytea,
  snapshot_seq bigint not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  listed_at timestamptz not null default date_trunc('second', now()),
  updated_by text,
  deleted_at timestamptz
) with (fillfactor = 70);

-- Every append updates a row of documents. It stays a cheap one (HOT: no index is written) while no
-- indexed column changes, so lists go by updated_at cut to the second, and order by the rest within it.
create index documents_listed on inkwire.documents (listed_at desc) where deleted_at is null;

-- Yjs updates hardly compress, and compressing them in Postgres costs more than the bytes it saves.
alter table inkwire.documents alter column snapshot set storage external;

comment on table inkwire.documents is 'One row per document that was ever written or created; a deleted one keeps its row as a tombstone.';
comment on column inkwire.documents.name is 'Any UTF-8 of 1 to 255 bytes without control characters.';
comment on column inkwire.documents.title is 'Copy of the shared title, for lists.';
comment on column inkwire.documents.folded is 'Name and title, case folded by the application (lower() depends on the database''s locale); searched by lists.';
comment on column inkwire.documents.epoch is 'Grows with each delete; an append that carries another one is stale.';
comment on column inkwire.documents.schema_version is 'Version of the document schema the content was written under.';
comment on column inkwire.documents.head is 'seq of the last committed update; 0 when nothing was written.';
comment on column inkwire.documents.log_bytes is 'Bytes of the updates after snapshot_seq.';
comment on column inkwire.documents.snapshot is 'Every update up to snapshot_seq merged into one; null before the first compaction.';
comment on column inkwire.documents.updated_at is 'When head last moved, or the document was created.';
comment on column inkwire.documents.listed_at is 'updated_at cut to the second: the only indexed one of the columns an append changes.';
comment on column inkwire.documents.updated_by is 'Author of the last update; null when unknown.';

-- No foreign key: rows of documents are never removed, and its check would cost a lock per row.
create table inkwire.updates (
  document_id bigint not null,
  seq bigint not null,
  author text,
  at timestamptz not null,
  data bytea not null,
  primary key (document_id, seq)
);

comment on table inkwire.updates is 'The log: Yjs updates (V1) after the snapshot, gapless in seq for each document.';
comment on column inkwire.updates.author is 'Who made the update, from the access token; null when unknown.';

create table inkwire.history (
  document_id bigint not null,
  first_seq bigint not null,
  last_seq bigint not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  data bytea not null,
  primary key (document_id, first_seq)
);

alter table inkwire.history alter column data set storage external;

comment on table inkwire.history is 'Updates that were folded into the snapshot, packed: who changed what and when, for versions and differences.';
comment on column inkwire.history.data is 'The updates first_seq to last_seq in the format of persistence/history-chunk.ts.';

-- Appends any number of updates to any number of documents in one transaction and one round trip.
-- Documents come as parallel arrays, one element per document (a document by its id, or by its name
-- before it has one), and so do updates (document: 1-based place of its document in those arrays;
-- nth: 1-based place among that document's updates; author: place in author_names, null for unknown),
-- whose bytes follow each other in bytes. Returns each document that took its updates, with its id
-- and new head; one that is missing from the result was deleted meanwhile, and took nothing.
--
-- Rows are created in name order before any row is locked, and locked in id order, so that two nodes
-- cannot wait for each other. The locks are held until the commit: seq order is commit order.
create function inkwire.append_updates(
  ids bigint[], names text[], folded_names text[], epochs integer[], counts integer[], sizes bigint[], last_authors integer[],
  documents integer[], nths integer[], authors integer[], author_names text[], offsets integer[], lengths integer[], bytes bytea
) returns table (place integer, document_id bigint, document_head bigint)
language plpgsql as $$
declare
  resolved bigint[] := ids;
  moment timestamptz;
begin
  if array_position(ids, null) is not null then
    insert into inkwire.documents (name, folded)
      select t.name, t.folded from unnest(names, folded_names, ids) as t (name, folded, id)
      where t.id is null order by t.name
      on conflict (name) do nothing;
    resolved := array(
      select coalesce(t.id, (select d.id from inkwire.documents d where d.name = t.name))
      from unnest(ids, names) with ordinality as t (id, name, place) order by t.place
    );
  end if;

  -- One document needs no order; the update below locks it, and a lock in the log is 54 bytes less.
  if cardinality(resolved) > 1 then
    perform from inkwire.documents d where d.id = any (resolved) order by d.id for no key update;
  end if;
  moment := clock_timestamp();

  return query
    with moved as (
      update inkwire.documents d set
        head = d.head + t.count,
        log_bytes = d.log_bytes + t.size,
        updated_at = greatest(d.updated_at, moment),
        listed_at = date_trunc('second', greatest(d.updated_at, moment)),
        updated_by = author_names[t.author]
      from unnest(resolved, epochs, counts, sizes, last_authors) with ordinality as t (id, epoch, count, size, author, place)
      where d.id = t.id and d.epoch = t.epoch and d.deleted_at is null
      returning t.place, d.id, d.head - t.count as base, d.head
    ), written as (
      insert into inkwire.updates (document_id, seq, author, at, data)
        select m.id, m.base + u.nth, author_names[u.author], moment, substring(bytes from u.at + 1 for u.length)
        from unnest(documents, nths, authors, offsets, lengths) as u (document, nth, author, at, length)
        join moved m on m.place = u.document
    )
    select m.place::integer, m.id, m.head from moved m;
end
$$;

comment on function inkwire.append_updates is 'Group commit: appends updates to the logs of many documents, gapless and in order.';

-- Replaces the snapshot by one that holds everything up to through_seq, moves those updates from the
-- log to history, and says whether it did. It does nothing when another process compacted first or
-- the document was deleted, so a newer state is never overwritten.
create function inkwire.compact_document(
  compacted_id bigint, expected_epoch integer, expected_snapshot_seq bigint,
  through_seq bigint, merged bytea, folded_bytes bigint, first_time timestamptz, last_time timestamptz, chunk bytea
) returns boolean
language plpgsql as $$
begin
  update inkwire.documents d set snapshot = merged, snapshot_seq = through_seq, log_bytes = d.log_bytes - folded_bytes
    where d.id = compacted_id and d.epoch = expected_epoch and d.snapshot_seq = expected_snapshot_seq and d.deleted_at is null;
  if not found then
    return false;
  end if;
  insert into inkwire.history (document_id, first_seq, last_seq, first_at, last_at, data)
    values (compacted_id, expected_snapshot_seq + 1, through_seq, first_time, last_time, chunk);
  delete from inkwire.updates u where u.document_id = compacted_id and u.seq <= through_seq;
  return true;
end
$$;

comment on function inkwire.compact_document is 'Folds the log into the snapshot and history, unless someone else was first.';

-- Leaves a tombstone: the content goes, the epoch grows. False when there was no document.
create function inkwire.delete_document(deleted_name text) returns boolean
language plpgsql as $$
declare
  deleted_id bigint;
begin
  update inkwire.documents d set
      epoch = d.epoch + 1, deleted_at = clock_timestamp(), title = '', folded = '', head = 0, log_bytes = 0,
      snapshot = null, snapshot_seq = 0, updated_by = null
    where d.name = deleted_name and d.deleted_at is null
    returning d.id into deleted_id;
  if deleted_id is null then
    return false;
  end if;
  delete from inkwire.updates u where u.document_id = deleted_id;
  delete from inkwire.history h where h.document_id = deleted_id;
  return true;
end
$$;

comment on function inkwire.delete_document is 'Forgets a document''s content and makes every append of before stale.';
