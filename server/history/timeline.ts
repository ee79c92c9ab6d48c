import type { Period } from '../../persistence/activity.ts';
import type { Author, Session } from '../ports/history.ts';

/** A pause that ends a session, ms. */
export const PAUSE_MS = 15 * 60_000;

/** Longest session, ms: of people who write without a pause an hour is one. */
export const MAX_SESSION_MS = 60 * 60_000;

interface OpenSession {
  readonly from: number;
  version: number;
  readonly startedAt: number;
  endedAt: number;
  readonly authors: Map<string | null, number>;
}

/** What was done, as sessions, in its order. None begins before another ends. */
export function sessionsOf(activity: Iterable<Period>): Session[] {
  const sessions: OpenSession[] = [];
  // A log may have been cut within a period.
  for (const { from, to, shares } of whole(activity)) {
    const before = sessions.at(-1);
    const firstAt = Math.max(Math.min(...shares.map((share) => share.firstAt)), before?.endedAt ?? 0);
    const lastAt = Math.max(...shares.map((share) => share.lastAt), firstAt);
    const isNew = before === undefined || firstAt - before.endedAt > PAUSE_MS || lastAt - before.startedAt > MAX_SESSION_MS;
    const open: OpenSession = isNew ? { from, version: to, startedAt: firstAt, endedAt: lastAt, authors: new Map() } : before;
    if (isNew) sessions.push(open);
    open.version = to;
    open.endedAt = lastAt;
    for (const { author, edits } of shares) open.authors.set(author, (open.authors.get(author) ?? 0) + edits);
  }
  return sessions.map(({ authors, ...session }) => ({
    ...session,
    authors: Array.from(authors, ([author, edits]) => ({ author, edits })).sort((a, b) => b.edits - a.edits),
  }));
}

/** Periods that stand in one stretch of time as one. */
function whole(activity: Iterable<Period>): Period[] {
  const periods: Period[] = [];
  for (const period of activity) {
    const last = periods.at(-1);
    if (last?.number === period.number)
      periods[periods.length - 1] = { ...last, to: period.to, shares: [...last.shares, ...period.shares] };
    else periods.push(period);
  }
  return periods;
}

/** Who wrote, each with the number of their edits and when the first and the last were made; who wrote last first. */
export function authorsOf(activity: Iterable<Period>): Author[] {
  const authors = new Map<string | null, { -readonly [Key in keyof Author]: Author[Key] }>();
  for (const { shares } of activity) {
    for (const share of shares) {
      const known = authors.get(share.author);
      if (known === undefined) authors.set(share.author, { ...share });
      else {
        known.edits += share.edits;
        known.firstAt = Math.min(known.firstAt, share.firstAt);
        known.lastAt = Math.max(known.lastAt, share.lastAt);
      }
    }
  }
  return [...authors.values()].sort((a, b) => b.lastAt - a.lastAt);
}
