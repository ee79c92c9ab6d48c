import type { Sql } from 'postgres';
import { connect } from './connection.ts';
import { explained } from './database-errors.ts';
import { storableText, textArray } from './postgres-text.ts';

/** So many names are known to be noted; of more people some are noted again. */
const MAX_KNOWN = 10_000;

/** What people are called, for all nodes. Everything rejects with `database-unavailable` when it is away. */
export interface PeopleStore {
  /** Notes what somebody's token calls them. Does nothing where that is known. */
  note(sub: string, name: string): Promise<void>;
  /** What these people are called, by their `sub`; those of whom nothing is known are left out. */
  names(subs: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Ends the connections. Safe to call twice. */
  close(): Promise<void>;
}

/** Opens the people of a database whose schema is up to date, as `openPostgresStore` leaves it. */
export function openPeopleStore(url: string): PeopleStore {
  return new PostgresPeopleStore(url);
}

class PostgresPeopleStore implements PeopleStore {
  readonly #sql: Sql;
  readonly #known = new Map<string, string>();

  constructor(url: string) {
    this.#sql = connect(url, 1);
  }

  async note(sub: string, name: string): Promise<void> {
    if (this.#known.get(sub) === name) return;
    await explained(async () => {
      await this.#sql`
        insert into inkwire.people as p (sub, name) values (${storableText(sub)}, ${storableText(name)})
        on conflict (sub) do update set name = excluded.name, named_at = now() where p.name <> excluded.name`;
    });
    this.#known.set(sub, name);
    for (const [oldest] of this.#known) {
      if (this.#known.size <= MAX_KNOWN) break;
      this.#known.delete(oldest);
    }
  }

  names(subs: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return explained(async () => {
      if (subs.length === 0) return new Map();
      const rows = await this.#sql<{ sub: string; name: string }[]>`
        select sub, name from inkwire.people where sub = any(${textArray(subs)}::text[])`;
      return new Map(rows.map(({ sub, name }) => [sub, name]));
    });
  }

  async close(): Promise<void> {
    await this.#sql.end({ timeout: 5 });
  }
}
