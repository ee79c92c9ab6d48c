-- An append reads the rows of its own documents, whatever the statistics say. Before the first analyze of a
-- table that has grown, a plan by index can still read all of it: through the partial index on documents that
-- are not deleted, hashed against the batch. A commit of 20 updates among 1,000 documents cost 4 ms of
-- CPU so, and costs 0.4 ms.
--
-- Two forms leave one way only, the primary key. "= any (array[id])" can be neither hashed nor merged; and
-- a case is opaque, so neither the partial index nor the one on names matches it. A test counts the rows
-- (persistence/append-cost.pg.test.ts).

create or replace function inkwire.append_updates(
  ids bigint[], names text[], search_texts text[], epochs integer[], counts integer[], sizes bigint[], last_authors integer[],
  documents integer[], nths integer[], authors integer[], author_names text[], offsets integer[], lengths integer[], bytes bytea,
  claim_documents integer[], claimed_ids bigint[], claim_subs text[]
) returns table (place integer, document_id bigint, document_head bigint)
language plpgsql
-- See the head of this file.
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
      where d.id = any (array[t.id])
        and case when d.deleted_at is null then d.name = t.name and d.epoch = t.epoch end
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
      join inkwire.documents d on d.id = any (array[resolved[c.document]])
      where case when d.deleted_at is null then d.name = names[c.document] and d.epoch = epochs[c.document] end
      on conflict do nothing;
  end if;
end
$$;

create or replace function inkwire.append_update(document bigint, by_name text, at_epoch integer, by_author text, update_bytes bytea) returns bigint
language plpgsql
-- See the head of this file.
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
    where d.id = document and case when d.deleted_at is null then d.name = by_name and d.epoch = at_epoch end
    returning d.head into new_head;
  if new_head is not null then
    insert into inkwire.updates (document_id, seq, author, at, data) values (document, new_head, by_author, moment, update_bytes);
  end if;
  return new_head;
end
$$;
