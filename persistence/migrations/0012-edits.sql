-- Edits over HTTP. A node of the version before makes none.

create table inkwire.edits (
  id uuid primary key,
  document_id bigint not null,
  epoch integer not null,
  client_id bigint not null,
  author text,
  started_at timestamptz not null default now(),
  key_hash bytea,
  request_hash bytea not null,
  answer json
);

create unique index edits_by_key on inkwire.edits (document_id, epoch, key_hash) where key_hash is not null;

comment on table inkwire.edits is 'Edits that were made by POST …/edits, so that each can be taken back, and is not made twice.';
comment on column inkwire.edits.epoch is 'Of the life of the document that it belongs to.';
comment on column inkwire.edits.client_id is 'The Yjs client id that it alone is written under: by it the log says which update it is, and whether it was committed.';
comment on column inkwire.edits.started_at is 'When it was begun, or taken up again by another node.';
comment on column inkwire.edits.key_hash is 'SHA-256 of who asked and their Idempotency-Key; null without one, and a day later.';
comment on column inkwire.edits.request_hash is 'SHA-256 of what was asked: a key names one request.';
comment on column inkwire.edits.answer is 'What was answered; null while it is being made.';

create trigger commit_synchronously before insert or update or delete on inkwire.edits
  for each statement execute function inkwire.commit_synchronously();
