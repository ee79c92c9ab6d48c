import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { authorsOf, MAX_SESSION_MS, PAUSE_MS, sessionsOf, versionAt } from './timeline.ts';

const log = (...entries: [author: string | null, at: number][]) => entries.map(([author, at], index) => ({ seq: index + 1, author, at }));

describe('a timeline', () => {
  it('is sessions between pauses, with who wrote how much', () => {
    const sessions = sessionsOf(log(['ada', 0], ['bob', 1], ['ada', PAUSE_MS], ['bob', 2 * PAUSE_MS + 1], [null, 2 * PAUSE_MS + 2]));
    assert.deepEqual(
      sessions.map(({ from, version, authors }) => ({ from, version, authors })),
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
    assert.deepEqual([sessions[0]!.startedAt, sessions[0]!.endedAt], [0, PAUSE_MS]);
  });

  it('divides what goes on without a pause', () => {
    const entries = Array.from({ length: 100 }, (_, at): [string, number] => ['ada', (at * MAX_SESSION_MS) / 40]);
    assert.deepEqual(
      sessionsOf(log(...entries)).map(({ from, version }) => [from, version]),
      [
        [1, 41],
        [42, 82],
        [83, 100],
      ],
    );
  });

  it('goes forward, whatever the clocks of nodes say', () => {
    const [first, ...more] = sessionsOf(log(['ada', 1_000_000], ['bob', 0], ['ada', 1_000_001]));
    assert.deepEqual([first!.startedAt, first!.endedAt, more.length], [1_000_000, 1_000_001, 0]);
  });

  it('of nothing is nothing', () => {
    assert.deepEqual([sessionsOf([]), authorsOf([]), versionAt([], 5)], [[], [], 0]);
  });

  it('knows its authors, and the version of a moment', () => {
    const entries = log(['ada', 10], ['bob', 20], ['ada', 30]);
    assert.deepEqual(authorsOf(entries), [
      { author: 'ada', edits: 2, firstAt: 10, lastAt: 30 },
      { author: 'bob', edits: 1, firstAt: 20, lastAt: 20 },
    ]);
    assert.deepEqual(
      [5, 10, 25, 99].map((at) => versionAt(entries, at)),
      [0, 1, 2, 3],
    );
  });
});
