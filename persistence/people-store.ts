import type { Sql } from 'postgres';
import { connect } from './connection.ts';
import { explained } from './database-errors.ts';
import { storableText, textArray } from './postgres-text.ts';

/** So many names are known to be noted; of more people some are noted again. */
const MAX_KNOWN = 10_000;

/** Somebody who wrote, as histories show them. */
export interface ShownPerson {
  /** Their `sub`; `person-` and a number for somebody who was forgotten. */
  readonly author: string;
  readonly name: string;
}

/** What people are called, for all nodes. Everything rejects with `database-unavailable` when it is away. */
export interface PeopleStore {
  /** Notes what somebody's token calls them. Does nothing where that is known, and for somebody who was forgotten. */
  note(sub: string, name: string): Promise<void>;
  /** What these people are called, by their `sub`; those of whom nothing is known are left out. */
  shown(subs: readonly string[]): Promise<ReadonlyMap<string, ShownPerson>>;
  /** Forgets what somebody is called, from now on; resolves with how they are shown. */
  forget(sub: string): Promise<ShownPerson>;
  /** The `sub` of somebody who is shown by a number; `null` when there is none. */
  find(author: string): Promise<string | null>;
  /** Ends the connections. Safe to call twice. */
  close(): Promise<void>;
}

/** Opens the people of a database whose schema is up to date, as `openPostgresStore` leaves it. */
export function openPeopleStore(url: string): PeopleStore {
  return new PostgresPeopleStore(url);
}

interface PersonRow {
  readonly sub: string;
  readonly number: string;
  readonly name: string;
  readonly is_forgotten: boolean;
}

function shownAs({ sub, number, name, is_forgotten }: PersonRow): ShownPerson {
  return is_forgotten ? { author: `person-${number}`, name: `Person ${number}` } : { author: sub, name };
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
        on conflict (sub) do update set name = excluded.name, named_at = now() where p.name <> excluded.name and not p.is_forgotten`;
    });
    this.#known.set(sub, name);
    for (const [oldest] of this.#known) {
      if (this.#known.size <= MAX_KNOWN) break;
      this.#known.delete(oldest);
    }
  }

  shown(subs: readonly string[]): Promise<ReadonlyMap<string, ShownPerson>> {
    return explained(async () => {
      if (subs.length === 0) return new Map();
      const rows = await this.#sql<PersonRow[]>`
        select sub, number, name, is_forgotten from inkwire.people where sub = any(${textArray(subs)}::text[])`;
      return new Map(rows.map((row) => [row.sub, shownAs(row)]));
    });
  }

  forget(sub: string): Promise<ShownPerson> {
    return explained(async () => {
      const [row] = await this.#sql<PersonRow[]>`
        insert into inkwire.people (sub, name, is_forgotten) values (${storableText(sub)}, '', true)
        on conflict (sub) do update set name = '', is_forgotten = true, named_at = now()
        returning sub, number, name, is_forgotten`;
      this.#known.delete(sub);
      return shownAs(row!);
    });
  }

  find(author: string): Promise<string | null> {
    return explained(async () => {
      const number = /^person-(\d{1,15})$/.exec(author)?.[1];
      if (number === undefined) return null;
      const [row] = await this.#sql<{ sub: string }[]>`select sub from inkwire.people where number = ${number} and is_forgotten`;
      return row?.sub ?? null;
    });
  }

  async close(): Promise<void> {
    await this.#sql.end({ timeout: 5 });
  }
}
