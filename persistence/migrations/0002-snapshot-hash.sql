-- A snapshot is the whole document up to a point, and is read and merged for years. Damage to it
-- must be noticed before it is shown to anybody, and before the next snapshot is made of it.
alter table inkwire.documents add column snapshot_hash bytea;

comment on column inkwire.documents.snapshot_hash is 'SHA-256 of snapshot as it was written; null on one that is older than this column.';

-- As before, and it keeps the hash. With no update to fold (through_seq is expected_snapshot_seq) it
-- replaces a damaged snapshot by one made anew from history.
create or replace function inkwire.compact_document(
  compacted_id bigint, expected_epoch integer, expected_snapshot_seq bigint,
  through_seq bigint, merged bytea, folded_bytes bigint, first_time timestamptz, last_time timestamptz, chunk bytea
) returns boolean
language plpgsql as $$
begin
  update inkwire.documents d
    set snapshot = merged, snapshot_hash = sha256(merged), snapshot_seq = through_seq, log_bytes = d.log_bytes - folded_bytes
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
