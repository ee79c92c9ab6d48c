import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PERIOD_MS, periodsOf } from '../../persistence/activity.ts';
import { authorsOf, MAX_SESSION_MS, PAUSE_MS, sessionsOf } from './timeline.ts';

const log = (...entries: [author: string | null, at: number][]) => entries.map(([author, at], index) => ({ seq: index + 1, author, at }));
const sessions = (...entries: [author: string | null, at: number][]) => sessionsOf(periodsOf(log(...entries)));

describe('a timeline', () => {
  it('is sessions between pauses, with who wrote how much', () => {
    const found = sessions(['ada', 0], ['bob', 1], ['ada', PAUSE_MS], ['bob', 2 * PAUSE_MS + 1], [null, 2 * PAUSE_MS + 2]);
    assert.deepEqual(
      found.map(({ from, version, authors }) => ({ from, version, authors })),
      [
        {
          from: 1,
          version: 3,
          authors: [
            { author: 'ada', edits: 2 },
            { author: 'bob', edits: 1 },
          ],
        },
        {
          from: 4,
          version: 5,
          authors: [
            { author: 'bob', edits: 1 },
            { author: null, edits: 1 },
          ],
        },
      ],
    );
    assert.deepEqual([found[0]!.startedAt, found[0]!.endedAt], [0, PAUSE_MS]);
  });

  it('divides what goes on without a pause', () => {
    const entries = Array.from({ length: 100 }, (_, at): [string, number] => ['ada', (at * MAX_SESSION_MS) / 40]);
    const found = sessions(...entries);
    assert.equal(found.length, 3);
    for (const { startedAt, endedAt } of found) assert.ok(endedAt - startedAt <= MAX_SESSION_MS + PERIOD_MS);
    assert.deepEqual([found[0]!.from, found.at(-1)!.version], [1, 100]);
    for (const [at, { version }] of found.slice(0, -1).entries()) assert.equal(found[at + 1]!.from, version + 1);
  });

  it('is the same wherever the log was cut into chunks', () => {
    const entries = log(
      ...Array.from({ length: 300 }, (_, at): [string, number] => [at % 7 < 4 ? 'ada' : 'bob', at * 61_000 + (at % 90 === 0 ? 7_000 : 0)]),
    );
    const whole = sessionsOf(periodsOf(entries));
    for (const cut of [1, 37, 150, 299]) {
      const parts = [...periodsOf(entries.slice(0, cut)), ...periodsOf(entries.slice(cut))];
      assert.deepEqual(sessionsOf(parts), whole, `cut at ${cut}`);
    }
  });

  it('goes forward, whatever the clocks of nodes say', () => {
    const [first, ...more] = sessions(['ada', 1_000_000], ['bob', 0], ['ada', 1_000_001]);
    assert.deepEqual([first!.startedAt, first!.endedAt, more.length], [1_000_000, 1_000_001, 0]);
  });

  it('of nothing is nothing', () => {
    assert.deepEqual([sessionsOf([]), authorsOf([])], [[], []]);
  });

  it('knows its authors', () => {
    assert.deepEqual(authorsOf(periodsOf(log(['ada', 10], ['bob', 20], ['ada', 30]))), [
      { author: 'ada', edits: 2, firstAt: 10, lastAt: 30 },
      { author: 'bob', edits: 1, firstAt: 20, lastAt: 20 },
    ]);
  });
});
