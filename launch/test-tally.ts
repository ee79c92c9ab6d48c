import type { TestEvent } from 'node:test/reporters';

/** What a test file came to. `whole` is false when it ended before its last test had. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly whole: boolean;
}

/** A reporter for `node:test` that writes nothing but a `Tally` as JSON. Suites are not counted. */
export default async function* tally(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (data.details.type === 'suite') continue;
    if (data.skip !== undefined || data.todo !== undefined) counts.skipped++;
    else if (type === 'test:pass') counts.passed++;
    else counts.failed++;
  }
  yield JSON.stringify({ ...counts, whole: true } satisfies Tally);
}
