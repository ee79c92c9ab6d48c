-- An older server can work with a database that a newer one has been at, unless a migration of that says it breaks it.
alter table inkwire.migrations add column if not exists breaking boolean not null default false;
update inkwire.migrations set breaking = true where version = 7;

comment on column inkwire.migrations.breaking is 'Servers that do not know it cannot work after it: they refuse to start, and it is not applied while any of them runs.';
