-- Pictures and files of documents. A node of the version before goes on working; it serves none.

-- The bytes, in chunks of one size but for the last, so that neither an upload nor a download is ever in memory
-- as a whole, and a range is found by arithmetic. A blob without an asset is an upload that is under way, or one
-- whose server died; or, with an object_key, one whose object is to be removed. The key is known before the
-- object is made and forgotten after it is removed, so that none is ever lost sight of.
create table inkwire.asset_blobs (
  id bigint generated always as identity primary key,
  chunk_bytes integer not null,
  started_at timestamptz not null default now(),
  object_key text,
  moved boolean not null default false
);

create index asset_blobs_not_moved on inkwire.asset_blobs (id) where not moved;
create index asset_blobs_with_object on inkwire.asset_blobs (id) where object_key is not null;

create table inkwire.asset_chunks (
  blob_id bigint not null references inkwire.asset_blobs on delete cascade,
  nth integer not null,
  data bytea not null,
  primary key (blob_id, nth)
);

comment on table inkwire.asset_blobs is 'The bytes of an asset, or of an upload that is under way or was never finished.';
comment on column inkwire.asset_blobs.chunk_bytes is 'Bytes of each chunk but the last.';
comment on column inkwire.asset_blobs.object_key is 'Where its bytes are in S3-compatible storage, or may be.';
comment on column inkwire.asset_blobs.moved is 'They are there, and no chunk is left here.';
comment on table inkwire.asset_chunks is 'The bytes of blobs, in pieces.';

-- Pictures are compressed already.
alter table inkwire.asset_chunks alter column data set storage external;

create table inkwire.assets (
  hash bytea primary key,
  blob_id bigint not null unique references inkwire.asset_blobs,
  media_type text not null,
  size bigint not null,
  created_at timestamptz not null default now()
);

comment on table inkwire.assets is 'Every picture and file once, whatever documents it is in.';
comment on column inkwire.assets.hash is 'SHA-256 of the bytes.';
comment on column inkwire.assets.media_type is 'What the bytes are, as far as they tell; never what an upload said of them.';

-- By name, as share links are: a picture may be there before the first edit of its document.
create table inkwire.document_assets (
  document_name text collate "C" not null,
  hash bytea not null references inkwire.assets,
  file_name text not null,
  uploaded_by text,
  uploaded_at timestamptz not null,
  needed boolean not null default false,
  primary key (document_name, hash)
);

create index document_assets_hash on inkwire.document_assets (hash);
create index document_assets_unsettled on inkwire.document_assets (uploaded_at) where not needed;

comment on table inkwire.document_assets is 'Which pictures and files belong to which document: who may read the document may read them.';
comment on column inkwire.document_assets.uploaded_at is 'When it was last uploaded; what nothing needs is kept for a while.';
comment on column inkwire.document_assets.needed is 'An edit in the log or history names it. History forgets nothing, so this is found out once.';

-- See 0008-synchronous-commits.sql.
create trigger commit_synchronously before insert or update or delete on inkwire.asset_blobs
  for each statement execute function inkwire.commit_synchronously();
create trigger commit_synchronously before insert or update or delete on inkwire.asset_chunks
  for each statement execute function inkwire.commit_synchronously();
create trigger commit_synchronously before insert or update or delete on inkwire.assets
  for each statement execute function inkwire.commit_synchronously();
create trigger commit_synchronously before insert or update or delete on inkwire.document_assets
  for each statement execute function inkwire.commit_synchronously();

-- Removes those of the assets that no document has. The rows are locked first and looked at in a statement of its
-- own, whose snapshot is younger than the locks: an upload of the same bytes that was under way is seen. A blob with
-- an object stays until that is removed.
create function inkwire.remove_unused_assets(hashes bytea[]) returns void
language plpgsql as $$
begin
  perform from inkwire.assets a where a.hash = any (hashes) order by a.hash for update;
  with unused as (
    delete from inkwire.assets a
      where a.hash = any (hashes) and not exists (select from inkwire.document_assets d where d.hash = a.hash)
      returning a.blob_id
  )
  delete from inkwire.asset_blobs b using unused where b.id = unused.blob_id and b.object_key is null;
end
$$;

comment on function inkwire.remove_unused_assets is 'Removes the bytes of the assets among these that no document has.';

-- Makes a blob that is complete an asset of a document, and answers what became of it: 'stored'; 'deleted' when the
-- document was deleted; 'full' when it would have more bytes than it may; 'lost' when chunks are missing. Bytes that
-- are known are kept once. The share lock on the document keeps a delete from slipping in between.
create function inkwire.finish_asset(
  of_document text, asset_hash bytea, of_blob bigint, asset_type text, asset_size bigint, named text, by_author text, most_bytes bigint
) returns text
language plpgsql as $$
declare
  deleted boolean;
  others bigint;
  kept bigint;
begin
  select d.deleted_at is not null into deleted from inkwire.documents d where d.name = of_document for share;
  if deleted then
    return 'deleted';
  end if;
  if (select coalesce(sum(octet_length(c.data)), 0) from inkwire.asset_chunks c where c.blob_id = of_blob) <> asset_size then
    return 'lost';
  end if;
  select coalesce(sum(a.size), 0) into others
    from inkwire.document_assets d join inkwire.assets a on a.hash = d.hash
    where d.document_name = of_document and d.hash <> asset_hash;
  if others + asset_size > most_bytes then
    return 'full';
  end if;

  insert into inkwire.assets as a (hash, blob_id, media_type, size) values (asset_hash, of_blob, asset_type, asset_size)
    on conflict (hash) do update set media_type = a.media_type
    returning a.blob_id into kept;
  if kept <> of_blob then
    delete from inkwire.asset_blobs b where b.id = of_blob;
  end if;
  insert into inkwire.document_assets as d (document_name, hash, file_name, uploaded_by, uploaded_at)
    values (of_document, asset_hash, named, by_author, clock_timestamp())
    on conflict (document_name, hash) do update set uploaded_at = excluded.uploaded_at;
  return 'stored';
end
$$;

comment on function inkwire.finish_asset is 'Makes uploaded bytes an asset of a document.';

-- A document that is created under the name of a deleted one is another document: it has none of its pictures.
create function inkwire.forget_assets() returns trigger
language plpgsql as $$
declare
  forgotten bytea[];
begin
  with removed as (delete from inkwire.document_assets d where d.document_name = new.name returning d.hash)
  select array_agg(r.hash) into forgotten from removed r;
  if forgotten is not null then
    perform inkwire.remove_unused_assets(forgotten);
  end if;
  return null;
end
$$;

comment on function inkwire.forget_assets is 'Removes the pictures and files of a document that is deleted.';

create trigger forget_assets after update of epoch on inkwire.documents
  for each row when (old.epoch is distinct from new.epoch) execute function inkwire.forget_assets();
