import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { until } from '../../e2e/wait.ts';
import type { Pace } from '../ports/visit.ts';
import { Inbox } from './inbox.ts';

function inbox(pace?: Pace) {
  const handled: number[] = [];
  const flow: string[] = [];
  const stops = { count: 0 };
  // A clock that stands still unless a test moves it: a busy machine pauses a process for longer than a slice lasts.
  const clock = { now: 0 };
  const box = new Inbox(
    (frame) => handled.push(frame[0]!),
    { pause: () => flow.push('pause'), resume: () => flow.push('resume') },
    () => clock.now,
    pace,
    () => {
      stops.count++;
    },
  );
  return { box, handled, flow, clock, stops };
}

const frames = (count: number, bytes = 1) => Array.from({ length: count }, (_, at) => new Uint8Array(bytes).fill(at % 256));

describe('an inbox', () => {
  it('handles what a person sends at once', () => {
    const { box, handled, flow } = inbox();
    for (const frame of frames(10)) box.receive(frame);
    assert.equal(handled.length, 10);
    assert.deepEqual(flow, []);
  });

  it('never makes somebody wait who pauses between two messages', () => {
    const { box, handled, flow, clock } = inbox();
    for (const frame of frames(200)) {
      clock.now += 2;
      box.receive(frame);
    }
    assert.equal(handled.length, 200);
    assert.deepEqual(flow, []);
  });

  it('[L2] handles a flood a bounded number a turn, in order, and does not read on meanwhile', async () => {
    const { box, handled, flow } = inbox();
    const flood = frames(200);
    for (const frame of flood) box.receive(frame);
    const first = handled.length;
    assert.ok(first < 100, `${first} were handled in one turn`);
    assert.deepEqual(flow, ['pause']);
    let turns = 1;
    for (; handled.length < flood.length; turns++) await nextTurn();
    assert.ok(turns >= 200 / first);
    assert.deepEqual(
      handled,
      flood.map((frame) => frame[0]),
    );
    assert.deepEqual(flow, ['pause', 'resume']);
  });

  it('[L2] serves others between two turns of a flooder', async () => {
    const [flooder, other] = [inbox(), inbox()];
    for (const frame of frames(200)) flooder.box.receive(frame);
    other.box.receive(new Uint8Array([7]));
    assert.deepEqual(other.handled, [7]);
    assert.ok(flooder.handled.length < 200);
    while (flooder.handled.length < 200) await nextTurn();
  });

  it('handles a message longer than a turn may hold, alone', async () => {
    const { box, handled } = inbox();
    for (const frame of frames(3, 1024 * 1024)) box.receive(frame);
    assert.equal(handled.length, 1);
    while (handled.length < 3) await nextTurn();
  });

  it('forgets what waits when the socket closes', async () => {
    const { box, handled } = inbox();
    for (const frame of frames(100)) box.receive(frame);
    const before = handled.length;
    box.clear();
    await nextTurn();
    await nextTurn();
    assert.equal(handled.length, before);
  });

  it('counts its pace by the slice', () => {
    const charged: [messages: number, bytes: number, now: number][] = [];
    const { box, clock } = inbox({
      charge: (...slice) => {
        charged.push(slice);
        return 'go';
      },
    });
    for (const frame of frames(10, 3)) box.receive(frame);
    clock.now = 5;
    for (const frame of frames(2)) box.receive(frame);
    clock.now = 10;
    box.receive(new Uint8Array(1));
    assert.deepEqual(charged, [
      [0, 0, 0],
      [10, 30, 5],
      [2, 2, 10],
    ]);
  });

  it('[L2] handles nothing and does not read on while it is over its pace, and all of it in order afterwards', async () => {
    let pace: 'go' | 'wait' = 'wait';
    let looks = 0;
    const { box, handled, flow, stops } = inbox({
      charge: () => {
        looks++;
        return pace;
      },
    });
    for (const frame of frames(100)) box.receive(frame);
    assert.deepEqual(flow, ['pause']);
    await until('the pace was looked at again', () => looks > 2);
    assert.deepEqual(handled, []);
    pace = 'go';
    await until('all is handled', () => handled.length === 100);
    assert.deepEqual(
      handled,
      frames(100).map((frame) => frame[0]),
    );
    assert.deepEqual(flow, ['pause', 'resume']);
    assert.equal(stops.count, 0);
  });

  it('[L2] is stopped when it stays over its pace: what waits is forgotten, and reading goes on, so that the closing handshake gets through', async () => {
    let pace: 'wait' | 'stop' = 'wait';
    const { box, handled, flow, stops } = inbox({ charge: () => pace });
    for (const frame of frames(100)) box.receive(frame);
    pace = 'stop';
    await until('it is stopped', () => stops.count > 0);
    assert.deepEqual(flow, ['pause', 'resume']);
    assert.deepEqual(handled, []);
  });

  it('[L2] handles and reads nothing while it is held, and then all that came, in order', async () => {
    const { box, handled, flow } = inbox();
    const [first, ...others] = frames(100) as [Uint8Array, ...Uint8Array[]];
    box.receive(first);
    const [releaseOne, releaseOther] = [box.hold(), box.hold()];
    for (const frame of others) box.receive(frame);
    releaseOne();
    for (let turn = 0; turn < 3; turn++) await nextTurn();
    assert.deepEqual(handled, [0]);
    releaseOther();
    await until('all are handled', () => handled.length === 100);
    assert.deepEqual(
      handled,
      frames(100).map((frame) => frame[0]),
    );
    assert.deepEqual([...new Set(flow)], ['pause', 'resume']);
    assert.equal(flow.at(-1), 'resume');
  });
});
