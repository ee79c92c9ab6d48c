-- An edit that comes alone is a commit of its own. As a batch of one it costs half as much again, here and in the server.
create function inkwire.append_update(document bigint, at_epoch integer, by_author text, update_bytes bytea) returns bigint
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
    where d.id = document and d.epoch = at_epoch and d.deleted_at is null
    returning d.head into new_head;
  if new_head is not null then
    insert into inkwire.updates (document_id, seq, author, at, data) values (document, new_head, by_author, moment, update_bytes);
  end if;
  return new_head;
end
$$;

comment on function inkwire.append_update is
  'As append_updates does, for one update of a document that has its row. Returns the new head; null when the document was deleted.';
