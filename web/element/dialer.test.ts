import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { Dialer } from './dialer.ts';

const BACKOFF_MS = 700;

/** Attempts to connect, in the order they were begun. */
class Attempt extends EventTarget {
  readonly begunAt: number;
  readonly #now: () => number;
  endedAt: number | null = null;

  constructor(now: () => number) {
    super();
    this.#now = now;
    this.begunAt = now();
  }

  get isOver(): boolean {
    return this.endedAt !== null;
  }

  opens(): void {
    this.dispatchEvent(new Event('open'));
  }

  isRefused(): void {
    this.dispatchEvent(Object.assign(new Event('close'), { code: 1006 }));
  }

  close(): void {
    this.endedAt ??= this.#now();
  }
}

function dialing(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let now = 0;
  t.mock.method(performance, 'now', () => now);
  const attempts: Attempt[] = [];
  const opened: unknown[] = [];
  const failures: (number | null)[] = [];
  const dialer = new Dialer({
    open: () => {
      const attempt = new Attempt(() => now);
      attempts.push(attempt);
      return attempt as unknown as WebSocket;
    },
    onOpen: (socket) => opened.push(socket),
    onFailed: (code) => failures.push(code),
    backoffMs: () => BACKOFF_MS,
  });
  const wait = (ms: number) => {
    for (let passed = 0; passed < ms; passed += 100) {
      now += 100;
      t.mock.timers.tick(100);
    }
  };
  const open = (afterMs: number) => {
    dialer.start(0);
    wait(100);
    wait(afterMs);
    attempts.at(-1)!.opens();
    attempts.length = 0;
    opened.length = 0;
    failures.length = 0;
  };
  return { dialer, attempts, opened, failures, wait, open };
}

describe('a dialer', () => {
  it('[S5] begins another attempt every 1.5 s while they hang, and each has the server to itself for as long', (t) => {
    const { dialer, attempts, failures, wait, open } = dialing(t);
    open(100);
    dialer.start(0);
    wait(20_000);
    const gaps = attempts.slice(1).map(({ begunAt }, nth) => begunAt - attempts[nth]!.begunAt);
    assert.deepEqual([...new Set(gaps)], [1500]);
    const ended = attempts.flatMap(({ endedAt }) => endedAt ?? []);
    const alone = ended.slice(1).map((endedAt, nth) => endedAt - ended[nth]!);
    assert.ok(Math.min(...alone) >= 1500 && Math.max(...alone) <= 2000, String(alone));
    assert.deepEqual([...new Set(failures)], [null]);
  });

  it('takes the first that opens, and ends the others', (t) => {
    const { dialer, attempts, opened, wait, open } = dialing(t);
    open(0);
    dialer.start(0);
    wait(8000);
    const alive = attempts.filter(({ isOver }) => !isOver);
    assert.ok(alive.length > 1);
    alive[0]!.opens();
    assert.deepEqual([opened, dialer.dialing], [[alive[0]], false]);
    assert.deepEqual(
      attempts.filter(({ isOver }) => !isOver),
      [alive[0]],
    );
    const { length } = attempts;
    wait(60_000);
    assert.equal(attempts.length, length);
  });

  it('waits after a refusal as long as it is told', (t) => {
    const { dialer, attempts, failures, wait } = dialing(t);
    dialer.start(0);
    wait(100);
    attempts[0]!.isRefused();
    wait(BACKOFF_MS - 100);
    assert.equal(attempts.length, 1);
    wait(100);
    assert.deepEqual([attempts.length, failures], [2, [1006]]);
  });

  it('has time for a slow line: at first, where one was slow to open, and after a minute', (t) => {
    const { dialer, attempts, wait, open } = dialing(t);
    dialer.start(0);
    wait(9000);
    assert.deepEqual([attempts.length, attempts[0]!.isOver], [1, false]);
    dialer.stop();
    assert.equal(attempts[0]!.isOver, true);
    open(4000);
    dialer.start(0);
    wait(7000);
    assert.deepEqual([attempts.length, attempts[0]!.isOver], [1, false]);
    dialer.stop();
    open(0);
    dialer.start(0);
    wait(90_000);
    assert.ok(attempts.at(-1)!.begunAt - attempts.at(-2)!.begunAt >= 9_000);
  });

  it('tries at once when told that the network may be back, and does nothing where it does not dial', (t) => {
    const { dialer, attempts, wait } = dialing(t);
    dialer.hurry();
    assert.equal(attempts.length, 0);
    dialer.start(5000);
    dialer.start(0);
    dialer.hurry();
    assert.equal(attempts.length, 1);
    wait(100);
    assert.equal(attempts.length, 1);
  });
});
