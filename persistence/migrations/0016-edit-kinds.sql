-- What kind of edit each of those over HTTP is, and which version it led to, for histories. A node of the version before writes neither.

alter table inkwire.edits add column kind text;
alter table inkwire.edits add column seq bigint;

comment on table inkwire.edits is 'Edits that were made over HTTP, so that each can be taken back, is not made twice, and stands in the history as what it is.';
comment on column inkwire.edits.kind is 'script, undo, restore or import; null in rows of a version that did not write it.';
comment on column inkwire.edits.seq is 'The head of the log once it was committed; null while it is being made, and where nothing was to be changed.';
