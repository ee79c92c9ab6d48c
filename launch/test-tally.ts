import { relative } from 'node:path';
import type { TestEvent } from 'node:test/reporters';
import { inspect } from 'node:util';

/** A case that failed, as a person reads it. */
export interface Failure {
  /** The titles from the outermost to its own: `describe › it`. */
  readonly title: string;
  /** `path:line:column`; '' when that is not known. */
  readonly place: string;
  /** What was thrown, with its stack. */
  readonly error: string;
  /** What it told beside, as the seed of its random numbers. */
  readonly told: readonly string[];
}

/** What a test file came to. `whole` is false when it ended before its last test had. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly Failure[];
  readonly whole: boolean;
}

interface Telling {
  readonly nesting: number;
  readonly told: string[];
}

/** Longest line of an error that is shown, characters: two documents that should be equal may be as long as books. */
const MAX_LINE = 1_000;

const NOBODY: Telling = { nesting: -1, told: [] };

/**
 * A reporter for `node:test` that writes nothing but a `Tally` as JSON. A suite is not counted, unless
 * it failed by itself: in a hook.
 */
export default async function* tally(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  let failures: (Failure & { readonly isCancelled: boolean })[] = [];
  const titles: string[] = [];
  // What a test tells follows on its end.
  let telling: Telling = NOBODY;
  for await (const { type, data } of events) {
    if (type === 'test:diagnostic' && data.nesting === telling.nesting) telling.told.push(data.message);
    if (type === 'test:start') titles.splice(data.nesting, Number.POSITIVE_INFINITY, data.name);
    if (type === 'test:start' || type === 'test:plan') telling = NOBODY;
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    telling = NOBODY;
    const isSuite = data.details.type === 'suite';
    if (data.skip !== undefined || data.todo !== undefined) {
      if (!isSuite) counts.skipped++;
    } else if (type === 'test:pass') {
      if (!isSuite) counts.passed++;
    } else {
      const error = data.details.error as Error & { failureType?: string };
      const isCancelled = error.failureType === 'cancelledByParent';
      const isOwn = error.failureType !== 'subtestsFailed' && !(isSuite && isCancelled);
      if (isOwn || !isSuite) counts.failed++;
      if (!isOwn) continue;
      const title = titles.slice(0, data.nesting + 1).join(' › ');
      const told: string[] = [];
      if (error.failureType === 'hookFailed') {
        const others = failures.filter((failure) => !(failure.isCancelled && failure.title.startsWith(`${title} › `)));
        if (others.length < failures.length) told.push(`${failures.length - others.length} of its cases were not run`);
        failures = others;
      }
      failures.push({ title, place: placeOf(data), error: wordsOf(error), told, isCancelled });
      telling = { nesting: data.nesting, told };
    }
  }
  yield JSON.stringify({ ...counts, failures, whole: true } satisfies Tally);
}

function placeOf({ file, line, column }: { file?: string; line?: number; column?: number }): string {
  return file === undefined ? '' : `${relative(process.cwd(), file)}:${line}:${column}`;
}

/** What the test threw, which Node has wrapped; without the lines of the stack that are Node's own. */
function wordsOf(error: Error): string {
  const thrown = error.cause ?? error.message;
  const words = typeof thrown === 'string' ? thrown : inspect(thrown);
  return words
    .split('\n')
    .filter((line) => !/^\s+at .*\(?node:internal\//.test(line))
    .map((line) => (line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)} … ${line.length - MAX_LINE} more` : line))
    .join('\n');
}
