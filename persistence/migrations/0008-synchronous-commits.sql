-- An answered commit is on the disk ([D14]), also where the server, the database, the role, the address
-- or a pooler sets synchronous_commit to off. Every transaction that writes touches one of these tables,
-- so the setting is made where nobody can pass by: a startup parameter is refused by pgbouncer, and
-- "set" on a connection is lost when a pooler hands the statement to another one. It holds until the
-- end of the transaction, whose commit reads it. Settings that flush (local, remote_*) stay as they are.
--
-- 3 us a statement. As a "when" of the triggers the condition costs three times that: it is parsed anew
-- for every statement.
create function inkwire.commit_synchronously() returns trigger
language plpgsql as $$
begin
  if current_setting('synchronous_commit') = 'off' then
    perform set_config('synchronous_commit', 'on', true);
  end if;
  return null;
end
$$;

comment on function inkwire.commit_synchronously is 'Makes the commit of this transaction wait for the disk.';

create trigger commit_synchronously before insert or update or delete on inkwire.documents
  for each statement execute function inkwire.commit_synchronously();
create trigger commit_synchronously before insert or update or delete on inkwire.revocations
  for each statement execute function inkwire.commit_synchronously();
create trigger commit_synchronously before insert or update or delete on inkwire.share_links
  for each statement execute function inkwire.commit_synchronously();
