import assert from 'node:assert/strict';
import { it } from 'node:test';
import { seldom } from './seldom.ts';

it('what is said seldom is said at once, and again after a minute', () => {
  let now = 0;
  const heard: number[] = [];
  const say = seldom(
    (about: number) => heard.push(about),
    () => now,
  );
  for (const moment of [0, 1, 59_999, 60_000, 60_001, 500_000]) {
    now = moment;
    say(moment);
  }
  assert.deepEqual(heard, [0, 60_000, 500_000]);
});
