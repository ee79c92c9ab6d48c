-- States of documents between updates of history, so that a version is not made from the first edit on, and what was done in
-- a chunk of history without its updates. A node of the version before writes neither and misses neither.

create table inkwire.checkpoints (
  document_id bigint not null,
  seq bigint not null,
  data bytea not null,
  primary key (document_id, seq)
);

alter table inkwire.checkpoints alter column data set storage external;

comment on table inkwire.checkpoints is 'States of documents as they were: a version is the last one before it, and the updates since.';
comment on column inkwire.checkpoints.seq is 'The last update that is part of it.';
comment on column inkwire.checkpoints.data is 'The state, in the format of persistence/checkpoint.ts.';

create trigger commit_synchronously before insert or update or delete on inkwire.checkpoints
  for each statement execute function inkwire.commit_synchronously();

alter table inkwire.history add column activity bytea;
alter table inkwire.history alter column activity set storage external;

comment on column inkwire.history.activity is
  'Who did how much of it when, in the format of persistence/activity.ts; null in rows of a version that did not write it.';

-- As the function without it, and keeps the activity of the chunk.
create function inkwire.compact_document(
  compacted_id bigint, expected_epoch integer, expected_snapshot_seq bigint,
  through_seq bigint, merged bytea, compacted_bytes bigint, first_time timestamptz, last_time timestamptz, chunk bytea,
  chunk_activity bytea
) returns boolean
language plpgsql as $$
begin
  if not inkwire.compact_document(
    compacted_id, expected_epoch, expected_snapshot_seq, through_seq, merged, compacted_bytes, first_time, last_time, chunk
  ) then
    return false;
  end if;
  update inkwire.history h set activity = chunk_activity where h.document_id = compacted_id and h.first_seq = expected_snapshot_seq + 1;
  return true;
end
$$;

comment on function inkwire.compact_document(bigint, integer, bigint, bigint, bytea, bigint, timestamptz, timestamptz, bytea, bytea) is
  'Compacts the log into the snapshot and history, unless someone else was first.';

-- What belongs to a document goes with it, whichever version of Inkwire deletes it.
create function inkwire.forget_checkpoints() returns trigger language plpgsql as $$
begin
  delete from inkwire.checkpoints c where c.document_id = new.id;
  return null;
end
$$;

comment on function inkwire.forget_checkpoints is 'Deletes the checkpoints of a document that is deleted.';

create trigger forget_checkpoints after update of deleted_at on inkwire.documents
  for each row when (old.deleted_at is null and new.deleted_at is not null) execute function inkwire.forget_checkpoints();
