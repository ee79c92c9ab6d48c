import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { LoggedUpdate } from './document-store.ts';

const FORMAT = 1;

/** What is told apart in time, ms. Periods begin at multiples of it, so that they are the same wherever a log is cut into chunks. */
export const PERIOD_MS = 5 * 60_000;

/** What one author did in a period. Times are milliseconds since 1970. */
export interface Share {
  /** `null` when unknown. */
  readonly author: string | null;
  readonly edits: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** What was done in a period: consecutive updates of a log. */
export interface Period {
  /** Periods have a number in time: what was done in one may stand in two chunks. */
  readonly number: number;
  /** The first and the last `seq`. */
  readonly from: number;
  readonly to: number;
  readonly shares: readonly Share[];
}

/** An update without its bytes. */
export type Deed = Pick<LoggedUpdate, 'seq' | 'author' | 'at'>;

/**
 * Consecutive updates as periods, in their order. Clocks of several nodes differ: a time that lies before the one before it counts as
 * that one, so that no period begins before another ends.
 */
export function periodsOf(deeds: Iterable<Deed>): Period[] {
  const periods: {
    readonly number: number;
    from: number;
    to: number;
    shares: Map<string | null, { -readonly [Key in keyof Share]: Share[Key] }>;
  }[] = [];
  let latest = Number.NEGATIVE_INFINITY;
  for (const { seq, author, at: said } of deeds) {
    const at = Math.max(said, latest);
    latest = at;
    const number = numberOf(at);
    if (number !== periods.at(-1)?.number) periods.push({ number, from: seq, to: seq, shares: new Map() });
    const open = periods.at(-1)!;
    open.to = seq;
    const share = open.shares.get(author);
    if (share === undefined) open.shares.set(author, { author, edits: 1, firstAt: at, lastAt: at });
    else {
      share.edits += 1;
      share.lastAt = at;
    }
  }
  return periods.map(({ shares, ...period }) => ({ ...period, shares: [...shares.values()] }));
}

/** Format 1: the byte 1, then a zstd frame of JSON: for each period its first and last `seq`, then of each share the four members in their order. */
export function encodeActivity(periods: readonly Period[]): Uint8Array {
  const rows = periods.map(({ from, to, shares }) => [
    from,
    to,
    ...shares.map(({ author, edits, firstAt, lastAt }) => [author, edits, firstAt, lastAt]),
  ]);
  return Buffer.concat([Uint8Array.of(FORMAT), zstdCompressSync(JSON.stringify(rows))]);
}

/** The periods of a chunk; `null` for what cannot be read, which its updates say as well. */
export function decodeActivity(activity: Uint8Array): Period[] | null {
  if (activity[0] !== FORMAT) return null;
  try {
    const rows = JSON.parse(zstdDecompressSync(activity.subarray(1)).toString()) as [
      number,
      number,
      ...[string | null, number, number, number][],
    ][];
    return rows.map(([from, to, ...shares]) => ({
      number: numberOf(shares[0]![2]),
      from,
      to,
      shares: shares.map(([author, edits, firstAt, lastAt]) => ({ author, edits, firstAt, lastAt })),
    }));
  } catch {
    return null;
  }
}

function numberOf(at: number): number {
  return Math.floor(at / PERIOD_MS);
}
