import type { ISql, Sql } from 'postgres';
import type { Role } from '../protocol/role.ts';
import { connect } from './connection.ts';
import { explained } from './database-errors.ts';

/** What a token was revoked by: its `jti`, its `sub`, or the id of the share link it was issued for. */
export type RevocationKind = 'token' | 'subject' | 'share-link';

/** Tokens that are good no more. Times in milliseconds since 1970. */
export interface Revocation {
  /** Larger than that of every revocation committed before. */
  readonly id: bigint;
  readonly kind: RevocationKind;
  readonly value: string;
  /** Tokens issued until then are meant; a `token` is meant whenever it was issued. */
  readonly revokedAt: number;
  /** When every token that is meant has expired by itself. */
  readonly expiresAt: number;
}

/** A link whose secret gives its holder a role on one document. Times in milliseconds since 1970. */
export interface ShareLink {
  /** 12 characters of base64url. */
  readonly id: string;
  readonly documentName: string;
  readonly role: Role;
  /** The `sub` of who made it. */
  readonly createdBy: string;
  readonly createdAt: number;
  /** `null`: it holds until it is revoked. */
  readonly expiresAt: number | null;
}

/** What a link may be changed to; what is left out stays. */
export interface ShareLinkChange {
  readonly role?: Role | undefined;
  readonly expiresAt?: number | null | undefined;
  readonly revoked?: true | undefined;
}

/** Where revocations and share links are kept, for all nodes. Everything rejects with `database-unavailable` when it is away. */
export interface AccessStore {
  /** The revocations with a larger id, in the order of their ids; 0n is before all. None is ever missed by asking with the last id seen. */
  revocationsAfter(id: bigint): Promise<Revocation[]>;
  /** Commits a revocation; a later one of the same value takes the place of the earlier. */
  revoke(kind: RevocationKind, value: string, revokedAt: number): Promise<Revocation>;
  /** Commits a link. `null` when the document has `most` links already that are not revoked. */
  createShareLink(link: ShareLink, secretHash: Uint8Array, most: number): Promise<ShareLink | null>;
  /** Those of a document that are not revoked, youngest first. */
  shareLinksOf(documentName: string): Promise<ShareLink[]>;
  /** `null` when there is none, or it was revoked. */
  shareLink(id: string): Promise<ShareLink | null>;
  /**
   * The link with this secret, unless it was revoked or has expired at `now`. It is marked as used, which waits for
   * a change that is under way: who gets the old role got it before the change took its moment of revocation.
   */
  useShareLink(secretHash: Uint8Array, now: number): Promise<ShareLink | null>;
  /**
   * Changes a link and revokes the tokens issued for it, in one transaction; `null` when there is none. `clock` is
   * read while the link is locked.
   */
  changeShareLink(id: string, to: ShareLinkChange, clock: () => number): Promise<{ link: ShareLink; revocation: Revocation } | null>;
  /** Ends the connections. Safe to call twice. */
  close(): Promise<void>;
}

/** Opens the access store of a database whose schema is up to date, as `openPostgresStore` leaves it. */
export function openAccessStore(url: string): AccessStore {
  return new PostgresAccessStore(url);
}

const CLOSE_TIMEOUT_S = 5;

interface RevocationRow {
  readonly id: string;
  readonly kind: RevocationKind;
  readonly value: string;
  readonly revoked_at: Date;
  readonly expires_at: Date;
}

interface ShareLinkRow {
  readonly id: string;
  readonly document_name: string;
  readonly role: Role;
  readonly created_by: string;
  readonly created_at: Date;
  readonly expires_at: Date | null;
}

class PostgresAccessStore implements AccessStore {
  /** Revocations have a connection of their own: within a second they are known everywhere, however many visitors come. */
  readonly #revocations: Sql;
  readonly #links: Sql;

  constructor(url: string) {
    this.#revocations = connect(url, 1);
    this.#links = connect(url, 1);
  }

  revocationsAfter(id: bigint): Promise<Revocation[]> {
    return explained(async () => {
      const rows = await this.#revocations<RevocationRow[]>`
        select id, kind, value, revoked_at, expires_at from inkwire.revocations where id > ${id.toString()} order by id`;
      return rows.map(toRevocation);
    });
  }

  revoke(kind: RevocationKind, value: string, revokedAt: number): Promise<Revocation> {
    return explained(() => revoke(this.#revocations, kind, value, revokedAt));
  }

  createShareLink(link: ShareLink, secretHash: Uint8Array, most: number): Promise<ShareLink | null> {
    return explained(async () => {
      const [row] = await this.#links<ShareLinkRow[]>`
        insert into inkwire.share_links as s (id, secret_hash, document_name, role, created_by, created_at, expires_at)
        select ${link.id}, ${secretHash}, ${link.documentName}, ${link.role}, ${link.createdBy}, ${new Date(link.createdAt)}, ${dateOf(link.expiresAt)}
        where (select count(*) from inkwire.share_links where document_name = ${link.documentName} and revoked_at is null) < ${most}::integer
        returning s.*`;
      return row === undefined ? null : toShareLink(row);
    });
  }

  shareLinksOf(documentName: string): Promise<ShareLink[]> {
    return explained(async () => {
      const rows = await this.#links<ShareLinkRow[]>`
        select * from inkwire.share_links where document_name = ${documentName} and revoked_at is null order by created_at desc, id`;
      return rows.map(toShareLink);
    });
  }

  shareLink(id: string): Promise<ShareLink | null> {
    return explained(async () => {
      const [row] = await this.#links<ShareLinkRow[]>`select * from inkwire.share_links where id = ${id} and revoked_at is null`;
      return row === undefined ? null : toShareLink(row);
    });
  }

  useShareLink(secretHash: Uint8Array, now: number): Promise<ShareLink | null> {
    return explained(async () => {
      const moment = new Date(now);
      const [row] = await this.#links<ShareLinkRow[]>`
        update inkwire.share_links set used_at = ${moment}
        where secret_hash = ${secretHash} and revoked_at is null and (expires_at is null or expires_at > ${moment})
        returning *`;
      return row === undefined ? null : toShareLink(row);
    });
  }

  changeShareLink(id: string, to: ShareLinkChange, clock: () => number): Promise<{ link: ShareLink; revocation: Revocation } | null> {
    return explained(() =>
      this.#links.begin(async (sql) => {
        const [row] = await sql<ShareLinkRow[]>`
          update inkwire.share_links set
            role = ${to.role === undefined ? sql`role` : to.role},
            expires_at = ${to.expiresAt === undefined ? sql`expires_at` : dateOf(to.expiresAt)},
            revoked_at = ${to.revoked === undefined ? sql`revoked_at` : sql`clock_timestamp()`}
          where id = ${id} and revoked_at is null returning *`;
        if (row === undefined) return null;
        return { link: toShareLink(row), revocation: await revoke(sql, 'share-link', id, clock()) };
      }),
    );
  }

  async close(): Promise<void> {
    await Promise.all([this.#revocations, this.#links].map((sql) => sql.end({ timeout: CLOSE_TIMEOUT_S })));
  }
}

/** `sql` is a connection, or a transaction on it. */
async function revoke(sql: ISql, kind: RevocationKind, value: string, revokedAt: number): Promise<Revocation> {
  const [row] = await sql<RevocationRow[]>`
    select id, kind, value, revoked_at, expires_at from inkwire.revoke(${kind}, ${value}, ${new Date(revokedAt)})`;
  return toRevocation(row!);
}

function toRevocation({ id, kind, value, revoked_at, expires_at }: RevocationRow): Revocation {
  return { id: BigInt(id), kind, value, revokedAt: revoked_at.getTime(), expiresAt: expires_at.getTime() };
}

function toShareLink(row: ShareLinkRow): ShareLink {
  return {
    id: row.id,
    documentName: row.document_name,
    role: row.role,
    createdBy: row.created_by,
    createdAt: row.created_at.getTime(),
    expiresAt: row.expires_at === null ? null : row.expires_at.getTime(),
  };
}

function dateOf(time: number | null): Date | null {
  return time === null ? null : new Date(time);
}
