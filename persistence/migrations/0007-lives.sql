-- Breaking: a node of the version before cannot work against it, for a column has another name.
--
-- An append names its document by id and name. A database that has fallen back – a replica that lagged was
-- promoted, a backup restored – hands out ids again, and an append by id alone could land in the log of another
-- document. And the client ids of a deleted document are kept for its name: a client that was offline
-- meanwhile cannot bring the old text into a new document of that name.

alter table inkwire.documents rename column folded to search_text;
comment on column inkwire.documents.search_text is
  'Name and title as lists search them, case folded by the application (lower() depends on the database''s locale).';

comment on table inkwire.history is 'Updates that a compaction took out of the log, packed: who changed what and when, for versions and differences.';

create table inkwire.retired_client_ids (
  document_id bigint not null,
  client_id bigint not null,
  primary key (document_id, client_id)
);

comment on table inkwire.retired_client_ids is
  'Yjs client ids of the earlier lives of a document''s name: nothing that was written under one is taken again.';

drop function inkwire.append_updates;

-- As before; names and search_texts are those of every document, not of those without an id only.
create function inkwire.append_updates(
  ids bigint[], names text[], search_texts text[], epochs integer[], counts integer[], sizes bigint[], last_authors integer[],
  documents integer[], nths integer[], authors integer[], author_names text[], offsets integer[], lengths integer[], bytes bytea,
  claim_documents integer[], claimed_ids bigint[], claim_subs text[]
) returns table (place integer, document_id bigint, document_head bigint)
language plpgsql
-- See 0003-append-plan.sql.
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  resolved bigint[] := ids;
  moment timestamptz;
begin
  if array_position(ids, null) is not null then
    insert into inkwire.documents (name, search_text)
      select t.name, t.search_text from unnest(names, search_texts, ids) as t (name, search_text, id)
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
      from unnest(resolved, names, epochs, counts, sizes, last_authors) with ordinality as t (id, name, epoch, count, size, author, place)
      where d.id = t.id and d.name = t.name and d.epoch = t.epoch and d.deleted_at is null
      returning t.place, d.id, d.head - t.count as base, d.head
    ), written as (
      insert into inkwire.updates (document_id, seq, author, at, data)
        select m.id, m.base + u.nth, author_names[u.author], moment, substring(bytes from u.at + 1 for u.length)
        from unnest(documents, nths, authors, offsets, lengths) as u (document, nth, author, at, length)
        join moved m on m.place = u.document
    )
    select m.place::integer, m.id, m.head from moved m;

  -- The documents are locked by now: two nodes that claim in one document do it one after the other.
  if cardinality(claimed_ids) > 0 then
    insert into inkwire.client_ids (document_id, client_id, sub, claimed_at)
      select d.id, c.id, c.sub, moment
      from unnest(claim_documents, claimed_ids, claim_subs) as c (document, id, sub)
      join inkwire.documents d on d.id = resolved[c.document]
      where d.name = names[c.document] and d.epoch = epochs[c.document] and d.deleted_at is null
      on conflict do nothing;
  end if;
end
$$;

comment on function inkwire.append_updates is
  'Group commit: appends updates to the logs of many documents, gapless and in order, and claims client ids.';

drop function inkwire.append_update;

create function inkwire.append_update(document bigint, by_name text, at_epoch integer, by_author text, update_bytes bytea) returns bigint
language plpgsql
-- See 0003-append-plan.sql.
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  moment constant timestamptz := clock_timestamp();
  new_head bigint;
begin
  update inkwire.documents d set
      head = d.head + 1,
      log_bytes = d.log_bytes + length(update_bytes),
      updated_at = greatest(d.updated_at, moment),
      listed_at = date_trunc('second', greatest(d.updated_at, moment)),
      updated_by = by_author
    where d.id = document and d.name = by_name and d.epoch = at_epoch and d.deleted_at is null
    returning d.head into new_head;
  if new_head is not null then
    insert into inkwire.updates (document_id, seq, author, at, data) values (document, new_head, by_author, moment, update_bytes);
  end if;
  return new_head;
end
$$;

comment on function inkwire.append_update is
  'As append_updates does, for one update of a document that has its row. Returns the new head; null when it was deleted or is not there.';

drop function inkwire.compact_document;

-- As before, by other names. With no update to compact (through_seq is expected_snapshot_seq) it replaces a
-- damaged snapshot by one made anew from history.
create function inkwire.compact_document(
  compacted_id bigint, expected_epoch integer, expected_snapshot_seq bigint,
  through_seq bigint, merged bytea, compacted_bytes bigint, first_time timestamptz, last_time timestamptz, chunk bytea
) returns boolean
language plpgsql as $$
begin
  update inkwire.documents d
    set snapshot = merged, snapshot_hash = sha256(merged), snapshot_seq = through_seq, log_bytes = d.log_bytes - compacted_bytes
    where d.id = compacted_id and d.epoch = expected_epoch and d.snapshot_seq = expected_snapshot_seq and d.deleted_at is null;
  if not found then
    return false;
  end if;
  if through_seq > expected_snapshot_seq then
    insert into inkwire.history (document_id, first_seq, last_seq, first_at, last_at, data)
      values (compacted_id, expected_snapshot_seq + 1, through_seq, first_time, last_time, chunk);
    delete from inkwire.updates u where u.document_id = compacted_id and u.seq <= through_seq;
  end if;
  return true;
end
$$;

comment on function inkwire.compact_document is 'Compacts the log into the snapshot and history, unless someone else was first.';

drop function inkwire.delete_document;

-- Leaves a tombstone: the content goes, the epoch grows, and the client ids that the document was written
-- under – retired, and those that were claimed – stay with its name. False when there was no document.
create function inkwire.delete_document(deleted_name text, retired bigint[]) returns boolean
language plpgsql as $$
declare
  deleted_id bigint;
begin
  update inkwire.documents d set
      epoch = d.epoch + 1, deleted_at = clock_timestamp(), title = '', search_text = '', head = 0, log_bytes = 0,
      snapshot = null, snapshot_hash = null, snapshot_seq = 0, updated_by = null
    where d.name = deleted_name and d.deleted_at is null
    returning d.id into deleted_id;
  if deleted_id is null then
    return false;
  end if;
  insert into inkwire.retired_client_ids (document_id, client_id)
    select deleted_id, r from unnest(retired) as r
    union select deleted_id, c.client_id from inkwire.client_ids c where c.document_id = deleted_id
    on conflict do nothing;
  delete from inkwire.updates u where u.document_id = deleted_id;
  delete from inkwire.history h where h.document_id = deleted_id;
  delete from inkwire.client_ids c where c.document_id = deleted_id;
  return true;
end
$$;

comment on function inkwire.delete_document is 'Forgets a document''s content and makes every append of before one to a deleted document.';

-- For a log that has fallen back: makes sure that the name has a row of this epoch that is not deleted. What
-- the row holds of an earlier life goes. Does nothing when the row is of a later one.
create function inkwire.reclaim_document(reclaimed_name text, reclaimed_search_text text, at_epoch integer) returns void
language plpgsql as $$
begin
  insert into inkwire.documents (name, search_text, epoch) values (reclaimed_name, reclaimed_search_text, at_epoch)
    on conflict (name) do nothing;
  perform from inkwire.documents d where d.name = reclaimed_name for update;
  if exists (select from inkwire.documents d where d.name = reclaimed_name and d.epoch < at_epoch and d.deleted_at is null) then
    perform inkwire.delete_document(reclaimed_name, '{}');
  end if;
  update inkwire.documents d set epoch = at_epoch, deleted_at = null, search_text = reclaimed_search_text
    where d.name = reclaimed_name and d.deleted_at is not null and d.epoch <= at_epoch;
end
$$;

comment on function inkwire.reclaim_document is 'Gives a document that the database has lost its row back.';
