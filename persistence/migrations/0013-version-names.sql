-- Names that people give to versions. A node of the version before gives none and shows none.

create table inkwire.version_names (
  id uuid primary key,
  document_id bigint not null,
  epoch integer not null,
  seq bigint not null,
  name text not null,
  named_by text,
  named_at timestamptz not null default now()
);

create index version_names_by_document on inkwire.version_names (document_id, epoch, seq);

comment on table inkwire.version_names is 'Names that people gave to versions of documents.';
comment on column inkwire.version_names.epoch is 'Of the life of the document that it belongs to.';
comment on column inkwire.version_names.seq is 'The version: the seq of the last update that is part of it.';
comment on column inkwire.version_names.named_by is 'The sub of who named it; null for a guest.';

create trigger commit_synchronously before insert or update or delete on inkwire.version_names
  for each statement execute function inkwire.commit_synchronously();
