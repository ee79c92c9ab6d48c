import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dayOf, momentOf, spanOf } from './times.ts';

describe('times of a history', () => {
  const now = new Date(2026, 2, 4, 0, 30);
  it('are days by their distance, as a calendar counts them', () => {
    assert.equal(dayOf(new Date(2026, 2, 4, 0, 1), now, 'en'), 'Today');
    assert.equal(dayOf(new Date(2026, 2, 3, 23, 59), now, 'en'), 'Yesterday');
    assert.equal(dayOf(new Date(2026, 2, 2, 12), now, 'en-GB'), 'Monday 2 March');
    assert.match(dayOf(new Date(2024, 11, 31), now, 'en-GB'), /Tuesday,? 31 December 2024/);
    assert.equal(dayOf(new Date(2026, 2, 3), now, 'de'), 'Gestern');
  });

  it('are spans of the day', () => {
    assert.equal(spanOf(new Date(2026, 2, 4, 14, 20), new Date(2026, 2, 4, 14, 55), 'en-GB').replace(/\s/g, ''), '14:20–14:55');
    assert.equal(spanOf(new Date(2026, 2, 4, 14, 20, 1), new Date(2026, 2, 4, 14, 20, 9), 'en-GB'), '14:20');
    assert.equal(momentOf(new Date(2026, 2, 4, 14, 20), now, 'en-GB'), 'Today, 14:20');
  });
});
