import type { Sql, TransactionSql } from 'postgres';

/** A table as a backup has it. */
export interface BackupTable {
  /** In the schema `inkwire`. */
  readonly name: string;
  readonly columns: readonly string[];
}

/** All tables of the schema but the list of migrations, each behind those it refers to, with the columns that are stored. */
export async function backupTables(sql: Sql | TransactionSql): Promise<BackupTable[]> {
  const tables = await sql<{ name: string; columns: string[] }[]>`
    select c.relname as name, json_agg(a.attname order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'inkwire'::regnamespace and c.relkind = 'r' and c.relname <> 'migrations'
      and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    group by c.relname order by c.relname`;
  const references = await sql<{ from: string; to: string }[]>`
    select f.relname as "from", t.relname as "to"
    from pg_constraint k join pg_class f on f.oid = k.conrelid join pg_class t on t.oid = k.confrelid
    where k.contype = 'f' and f.relnamespace = 'inkwire'::regnamespace and f.oid <> t.oid`;
  const ordered: BackupTable[] = [];
  const place = (table: BackupTable) => {
    if (ordered.includes(table)) return;
    for (const { from, to } of references) if (from === table.name) place(tables.find(({ name }) => name === to)!);
    if (!ordered.includes(table)) ordered.push(table);
  };
  for (const table of tables) place(table);
  return ordered;
}
