import type { Author, Session } from '../ports/history.ts';

/** One update of a log, without its bytes. */
export interface LogEntry {
  readonly seq: number;
  /** `null` when unknown. */
  readonly author: string | null;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A pause that ends a session, ms. */
export const PAUSE_MS = 15 * 60_000;

/** Longest session, ms: of people who write without a pause an hour is one. */
export const MAX_SESSION_MS = 60 * 60_000;

/**
 * The log as sessions, in its order. Clocks of several nodes differ: a time that lies before the one before it counts as that one, so that no
 * session begins before another ends.
 */
export function sessionsOf(log: Iterable<LogEntry>): Session[] {
  const sessions: Session[] = [];
  let open: { from: number; version: number; startedAt: number; endedAt: number; authors: Map<string | null, number> } | null = null;
  const close = () => {
    if (open === null) return;
    const authors = Array.from(open.authors, ([author, edits]) => ({ author, edits })).sort((a, b) => b.edits - a.edits);
    sessions.push({ ...open, authors });
  };
  for (const { seq, author, at: said } of log) {
    const at: number = Math.max(said, open?.endedAt ?? said);
    if (open === null || at - open.endedAt > PAUSE_MS || at - open.startedAt > MAX_SESSION_MS) {
      close();
      open = { from: seq, version: seq, startedAt: at, endedAt: at, authors: new Map() };
    }
    open.version = seq;
    open.endedAt = at;
    open.authors.set(author, (open.authors.get(author) ?? 0) + 1);
  }
  close();
  return sessions;
}

/** Who wrote in a log, each with the number of their edits and when the first and the last were made; who wrote last first. */
export function authorsOf(log: Iterable<LogEntry>): Author[] {
  const authors = new Map<string | null, { -readonly [Key in keyof Author]: Author[Key] }>();
  for (const { author, at } of log) {
    const known = authors.get(author);
    if (known === undefined) authors.set(author, { author, edits: 1, firstAt: at, lastAt: at });
    else {
      known.edits += 1;
      known.firstAt = Math.min(known.firstAt, at);
      known.lastAt = Math.max(known.lastAt, at);
    }
  }
  return [...authors.values()].sort((a, b) => b.lastAt - a.lastAt);
}

/** The last version of a log at a time; 0 before the first. */
export function versionAt(log: readonly LogEntry[], at: number): number {
  return log.findLast((entry) => entry.at <= at)?.seq ?? 0;
}
