-- Yjs names who inserted something by a client id that every client chooses for itself. Who writes
-- under one first, signed in, owns it: in somebody else's name nobody can write any more.
create table inkwire.client_ids (
  document_id bigint not null,
  client_id bigint not null,
  sub text not null,
  claimed_at timestamptz not null,
  primary key (document_id, client_id)
);

comment on table inkwire.client_ids is 'Who owns the Yjs client ids of a document; each is owned by the first who wrote under it with a token.';
comment on column inkwire.client_ids.client_id is 'Below 2^53.';
comment on column inkwire.client_ids.sub is 'Of the owner''s access token; empty for the server''s own, under which it makes edits over HTTP.';

-- As before, and client ids are claimed in the same transaction as the updates that were written under
-- them: claimed_ids, each with its owner in claim_subs, for the document at claim_documents (1-based,
-- as in documents). One that is owned already stays with its owner.
-- The former function would stay beside one of another signature. Its callers, on a node that is not
-- updated yet, reach this one: what they do not send has defaults.
drop function inkwire.append_updates;

create function inkwire.append_updates(
  ids bigint[], names text[], folded_names text[], epochs integer[], counts integer[], sizes bigint[], last_authors integer[],
  documents integer[], nths integer[], authors integer[], author_names text[], offsets integer[], lengths integer[], bytes bytea,
  claim_documents integer[] default '{}', claimed_ids bigint[] default '{}', claim_subs text[] default '{}'
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

  -- The documents are locked by now: two nodes that claim in one document do it one after the other.
  if cardinality(claimed_ids) > 0 then
    insert into inkwire.client_ids (document_id, client_id, sub, claimed_at)
      select d.id, c.id, c.sub, moment
      from unnest(claim_documents, claimed_ids, claim_subs) as c (document, id, sub)
      join inkwire.documents d on d.id = resolved[c.document]
      where d.epoch = epochs[c.document] and d.deleted_at is null
      on conflict do nothing;
  end if;
end
$$;

comment on function inkwire.append_updates is
  'Group commit: appends updates to the logs of many documents, gapless and in order, and claims client ids.';

-- As before, and it forgets who owned the client ids.
create or replace function inkwire.delete_document(deleted_name text) returns boolean
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
  delete from inkwire.client_ids c where c.document_id = deleted_id;
  return true;
end
$$;
