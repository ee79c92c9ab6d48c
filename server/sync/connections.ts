import { setTimeout as pause } from 'node:timers/promises';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { Access } from '../ports/access.ts';
import type { Link, LinkListener, LinkRequest } from '../ports/link.ts';
import type { Visit } from '../ports/visit.ts';
import { Connection, type ConnectionLimits, type ConnectionParts } from './connection.ts';
import type { Dialect } from './dialect.ts';
import type { Hooks } from './hooks.ts';
import type { Rooms } from './rooms.ts';
import { SignIn } from './sign-in.ts';
import type { StandingAccess } from './standing.ts';
import { StandingWatch } from './standing-watch.ts';

/** What connections ask of access control. */
export type ConnectionAccess = StandingAccess & Pick<Access, 'identify'>;

export interface ConnectionsParts {
  readonly rooms: Rooms;
  readonly access: ConnectionAccess;
  readonly limits: ConnectionLimits & {
    /** A larger document takes deletions only, bytes. */
    readonly maxDocumentBytes: number;
    /** From the end of a token without a successor to the end of its link, ms. */
    readonly tokenGraceMs: number;
  };
  /** The latest version of the document schema; a client that claims a later one is taken to have this one. */
  readonly schemaVersion: number;
  /** A clock, ms since 1970. */
  readonly now: () => number;
  readonly hooks?: Hooks;
  readonly onError: (what: string, error: unknown) => void;
  /** Told what happens to a connection: ids, never content. */
  readonly onTrace?: (fields: Readonly<Record<string, unknown>>, event: string) => void;
}

/** Links that are closed for a shutdown are spread so far apart, and told in steps of so much, ms. */
const MS_PER_CLOSE = 2;
const CLOSE_STEP_MS = 50;

/** How often a frame that says nothing goes to clients that need one, ms; well within the 30 s after which they give up. */
const KEEP_ALIVE_MS = 10_000;

/** Every client of the server: it takes links from the transports and makes connections of them. */
export class Connections {
  readonly #schemaVersion: number;
  readonly #parts: ConnectionParts;
  readonly #connections = new Set<Connection>();
  /** Those that want a frame now and then. */
  readonly #keptAlive = new Set<Connection>();
  #keepAlive: NodeJS.Timeout | null = null;
  #count = 0;

  constructor({ rooms, access, limits, schemaVersion, now, hooks = {}, onError, onTrace = () => {} }: ConnectionsParts) {
    this.#schemaVersion = schemaVersion;
    this.#parts = {
      rooms,
      signIn: new SignIn({ identify: (token) => access.identify(token), onError }),
      watch: new StandingWatch(access, now),
      standing: { access, graceMs: limits.tokenGraceMs, now },
      frames: {
        maxDocumentBytes: limits.maxDocumentBytes,
        onStateless: (member, text) => hooks.stateless?.(member, text),
      },
      limits,
      hooks,
      trace: (connection, event, fields) => onTrace({ connection: connection.id, ...fields }, event),
      onError,
      onClosed: (connection) => this.#closed(connection),
    };
  }

  /** How many there are. */
  get size(): number {
    return this.#connections.size;
  }

  /** `visit` holds the link to the limits. */
  open(link: Link, request: LinkRequest, dialect: Dialect, visit: Visit | null = null): LinkListener {
    const schemaVersion = Math.min(saidSchemaVersion(request.url), this.#schemaVersion);
    const connection = new Connection(++this.#count, link, request, dialect, schemaVersion, visit, this.#parts);
    this.#connections.add(connection);
    this.#parts.trace(connection, 'opened', { address: visit?.address });
    if (dialect.codec.keepAlive !== null) this.#keptAlive.add(connection);
    if (this.#keptAlive.size > 0) this.#keepAlive ??= setInterval(() => this.#sayNothing(), KEEP_ALIVE_MS).unref();
    connection.begin();
    return connection;
  }

  #closed(connection: Connection): void {
    this.#connections.delete(connection);
    if (!this.#keptAlive.delete(connection) || this.#keptAlive.size > 0) return;
    clearInterval(this.#keepAlive ?? undefined);
    this.#keepAlive = null;
  }

  #sayNothing(): void {
    for (const connection of this.#keptAlive) connection.write(connection.codec.keepAlive);
  }

  /**
   * Closes every link, whether or not it is in a document, spread over `ms` at the most: of thousands that come back at once another
   * server would have the load of minutes. A few are closed at once.
   */
  async closeAll(code: ErrorCode, ms = 0): Promise<void> {
    const all = [...this.#connections];
    const steps = Math.floor(Math.min(ms, all.length * MS_PER_CLOSE) / CLOSE_STEP_MS);
    const perStep = Math.ceil(all.length / Math.max(1, steps));
    for (let at = 0; at < all.length; at += perStep) {
      if (at > 0) await pause(CLOSE_STEP_MS);
      for (const connection of all.slice(at, at + perStep)) connection.refuse(code);
    }
    // Who came in meanwhile.
    for (const connection of this.#connections) connection.refuse(code);
  }
}

/** The version of the document schema that a client says in its URL; NaN when it says none. */
function saidSchemaVersion(url: string): number {
  return Number(/[?&]schemaVersion=(\d{1,9})(?:&|$)/.exec(url)?.[1] ?? Number.NaN);
}
