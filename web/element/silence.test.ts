import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Debt, PATIENCE_MS, Silence } from './silence.ts';

const STEP_MS = 1000;
const NOTHING: Debt = { what: 'nothing' };
const ANSWER: Debt = { what: 'answer', bytes: 60 };

/** What is said in so many seconds, as `second: verdict`. */
function during(silence: Silence, seconds: number, debt: Debt | null): string[] {
  return Array.from({ length: seconds }, (_, second) => [second + 1, silence.look(STEP_MS, debt)] as const)
    .filter(([, verdict]) => verdict !== null)
    .map(([second, verdict]) => `${second}: ${verdict}`);
}

describe('silence', () => {
  it('[S5] is an edit that stays unanswered for 5 s while nothing comes in, and a sign of life that was asked for is not given', () => {
    assert.deepEqual(during(new Silence(), PATIENCE_MS / STEP_MS, ANSWER), ['2: ask', '5: silent']);
  });

  it('[S5] is none where anything comes in, be it no acknowledgement for hours', () => {
    const silence = new Silence();
    for (let hour = 0; hour < 3600; hour += 3) {
      assert.deepEqual(during(silence, 3, ANSWER), ['2: ask']);
      silence.heard();
    }
  });

  it('begins with the edit, however long nothing was to be said before it', () => {
    const silence = new Silence();
    assert.deepEqual(during(silence, 15, NOTHING), []);
    silence.heard();
    assert.deepEqual(during(silence, 15, NOTHING), []);
    assert.deepEqual(during(silence, 5, ANSWER), ['2: ask', '5: silent']);
  });

  it('is asked about where nobody writes, when presence that should have come has not', () => {
    assert.deepEqual(during(new Silence(), 25, NOTHING), ['20: ask', '25: silent']);
  });

  it('is asked about at once when the network may be back', () => {
    for (const debt of [NOTHING, ANSWER]) {
      const silence = new Silence();
      silence.look(STEP_MS, debt);
      silence.hurry();
      assert.deepEqual(during(silence, 1, debt), ['1: ask']);
      assert.deepEqual(during(silence, 1, debt), [], 'and there is time to answer');
    }
  });

  it('is not what a sleeping machine has heard', () => {
    const silence = new Silence();
    silence.look(STEP_MS, ANSWER);
    assert.equal(silence.look(8 * 60 * 60_000, ANSWER), 'ask');
    assert.equal(silence.look(STEP_MS, ANSWER), null);
  });

  it('is not a long edit on a slow line', () => {
    const silence = new Silence();
    const edit: Debt = { what: 'answer', bytes: 800_000 };
    for (let second = 0; second < 60; second++) {
      assert.notEqual(silence.look(STEP_MS, edit), 'silent');
      silence.progressed();
    }
    assert.deepEqual(during(silence, 30, edit), ['2: ask', '30: silent'], 'what the machine has taken it may still hold');
    assert.deepEqual(during(new Silence(), 65, { what: 'answer', bytes: 1e9 }), ['2: ask', '65: silent']);
  });

  it('is a document that does not come for long, and longer each time', () => {
    const document = (failures: number): Debt => ({ what: 'document', failures });
    assert.deepEqual(during(new Silence(), 30, document(0)), ['30: silent']);
    assert.deepEqual(during(new Silence(), 120, document(2)), ['120: silent']);
    assert.deepEqual(during(new Silence(), 240, document(9)), ['240: silent']);
  });

  it('is none of a server that was asked for nothing', () => {
    assert.deepEqual(during(new Silence(), 1000, null), []);
  });
});
