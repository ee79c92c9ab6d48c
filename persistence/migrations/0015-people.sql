-- What people who write are called, for histories: a log holds the sub of their token alone. A node of the version before notes nobody.

create table inkwire.people (
  sub text primary key,
  name text not null,
  named_at timestamptz not null default now()
);

comment on table inkwire.people is 'What the tokens of those who may write call them, as they said last.';
comment on column inkwire.people.sub is 'The sub of their tokens, as the log names them.';

create trigger commit_synchronously before insert or update or delete on inkwire.people
  for each statement execute function inkwire.commit_synchronously();
