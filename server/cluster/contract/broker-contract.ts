import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Broker, OpenBroker } from '../broker.ts';
import { nodesConverge } from './convergence.ts';

/** A broker under test. */
export interface BrokerSubject {
  readonly open: OpenBroker;
  /** Takes the broker away from its clients, without a word or with one, and gives it back; without it, outages are not tested. */
  readonly outage?: { begin(): Promise<void>; end(): Promise<void> };
  /** Ends what the subject has started. */
  close?(): Promise<void>;
}

/** Longest wait for what must happen, ms. */
const TIMEOUT_MS = 20_000;

/** What every `Broker` must hold, as tests of Node's own runner. `make` starts what the broker needs. */
export function brokerContract(label: string, make: () => Promise<BrokerSubject>, skip: string | false = false): void {
  describe(label, { skip }, () => {
    let subject: BrokerSubject;
    const prefix = `test-${randomBytes(4).toString('hex')}`;
    before(async () => {
      subject = await make();
    });
    after(async () => {
      await subject?.close?.();
    });

    const opened = async (itsPrefix = prefix) => {
      const listener = new Listener();
      const broker = await subject.open({ prefix: itsPrefix, events: listener });
      listener.broker = broker;
      await until('the broker is up', () => listener.up);
      return listener;
    };
    const withTwo = async (act: (one: Listener, other: Listener) => Promise<void>) => {
      const [one, other] = [await opened(), await opened()];
      try {
        await act(one, other);
      } finally {
        await Promise.all([one.broker.close(), other.broker.close()]);
      }
    };

    it('carries bytes as they are to all who have subscribed, by topic', () =>
      withTwo(async (one, other) => {
        const topic = `document:${'ä/ 漢字 "*?[]'.repeat(4)}${'x'.repeat(160)}`;
        await Promise.all([one.subscribed(topic), other.subscribed(topic), other.subscribed('another')]);
        const bytes = new Uint8Array(Array.from({ length: 256 }, (_, at) => at));
        one.broker.publish(topic, bytes);
        other.broker.publish('another', new Uint8Array([1]));
        other.broker.publish(topic, new Uint8Array());
        await until('all have arrived', () => other.on(topic).length === 2 && other.on('another').length === 1 && one.on(topic).length > 0);
        // In any order: a broker need not keep it.
        assert.deepEqual(
          other.on(topic).find(({ length }) => length > 0),
          bytes,
        );
        assert.deepEqual(one.on('another'), []);
      }));

    it('keeps systems with another prefix apart', () =>
      withTwo(async (one, other) => {
        const stranger = await opened(`${prefix}-2`);
        try {
          await Promise.all([stranger.subscribed('topic'), other.subscribed('topic')]);
          one.broker.publish('topic', new Uint8Array([7]));
          await until('it has arrived', () => other.on('topic').length === 1);
          assert.deepEqual(stranger.on('topic'), []);
        } finally {
          await stranger.broker.close();
        }
      }));

    it('carries nothing to who has unsubscribed, and again to who comes back', () =>
      withTwo(async (one, other) => {
        await Promise.all([other.subscribed('left'), other.subscribed('kept')]);
        other.broker.unsubscribe('left');
        one.broker.publish('left', new Uint8Array([1]));
        one.broker.publish('kept', new Uint8Array([1]));
        await until('the kept one has arrived', () => other.on('kept').length === 1);
        assert.deepEqual(other.on('left'), []);
        await other.subscribed('left');
        one.broker.publish('left', new Uint8Array([2]));
        await until('it has arrived', () => other.on('left').length === 1);
      }));

    it('carries what is as long as it says, and drops what is longer', () =>
      withTwo(async (one, other) => {
        await other.subscribed('long');
        const longest = randomBytes(one.broker.maxMessageBytes);
        one.broker.publish('long', new Uint8Array(longest.length + 1));
        one.broker.publish('long', new Uint8Array(longest));
        await until('it has arrived', () => other.on('long').length > 0);
        assert.equal(Buffer.compare(other.on('long')[0]!, longest), 0);
        assert.ok(one.broker.maxMessageBytes >= 2_048);
      }));

    it('keeps a flood out of memory, and goes on after it', () =>
      withTwo(async (one, other) => {
        await other.subscribed('flood');
        await other.subscribed('after');
        const before = process.memoryUsage();
        const message = new Uint8Array(2_000);
        for (let at = 0; at < 100_000; at++) one.broker.publish('flood', message);
        const { rss } = process.memoryUsage();
        assert.ok(
          rss - before.rss < 150 * 1024 * 1024,
          `200 MB that were published in one turn took ${((rss - before.rss) / 1e6).toFixed(0)} MB`,
        );
        await until('it goes on', () => {
          one.broker.publish('after', new Uint8Array([1]));
          return other.on('after').length > 0;
        });
      }));

    it('lets go when it is closed, and tells nothing after that', async () => {
      const [one, other] = [await opened(), await opened()];
      await other.subscribed('topic');
      await Promise.all([other.broker.close(), other.broker.close()]);
      const told = other.events;
      one.broker.publish('topic', new Uint8Array([1]));
      other.broker.publish('topic', new Uint8Array([1]));
      other.broker.subscribe('more');
      other.broker.unsubscribe('topic');
      await one.subscribed('topic');
      assert.equal(other.events, told);
      await one.broker.close();
    });

    it('says when it is away and when it is back, and brings nothing of meanwhile', async (t) => {
      const { outage } = subject;
      if (outage === undefined) return t.skip('nobody can take it away');
      await withTwo(async (one, other) => {
        await Promise.all([other.subscribed('a'), other.subscribed('b')]);
        await outage.begin();
        await until('both know that it is away', () => !one.up && !other.up);
        other.broker.subscribe('c');
        for (let at = 0; at < 100; at++) one.broker.publish('a', new Uint8Array([at]));
        const subscriptions = other.subscriptions('a') + other.subscriptions('b');
        await outage.end();
        await until('both know that it is back', () => one.up && other.up);
        await until(
          'all topics are there again',
          () => other.subscriptions('c') > 0 && other.subscriptions('a') + other.subscriptions('b') >= subscriptions + 2,
        );
        one.broker.publish('a', new Uint8Array([200]));
        one.broker.publish('c', new Uint8Array([201]));
        await until('messages arrive', () => other.on('a').length > 0 && other.on('c').length > 0);
        assert.deepEqual(other.on('a'), [new Uint8Array([200])]);
      });
    });

    it('is opened while it is away, and comes up when it can', async (t) => {
      const { outage } = subject;
      if (outage === undefined) return t.skip('nobody can take it away');
      await outage.begin();
      const listener = new Listener();
      const broker = await subject.open({ prefix, events: listener });
      listener.broker = broker;
      broker.subscribe('topic');
      broker.publish('topic', new Uint8Array([1]));
      await pause(1_200);
      assert.equal(listener.up, false);
      await outage.end();
      await until('it is up', () => listener.up && listener.subscriptions('topic') > 0);
      broker.publish('topic', new Uint8Array([2]));
      await until('a message arrives', () => listener.on('topic').length > 0);
      assert.deepEqual(listener.on('topic'), [new Uint8Array([2])]);
      await broker.close();
    });

    it('lets nodes converge though a third of all messages is lost, and others are doubled and late', () =>
      nodesConverge(subject.open, prefix));
  });
}

/** Notes what a broker tells. */
class Listener {
  broker!: Broker;
  up = false;
  events = 0;
  readonly #messages = new Map<string, Uint8Array[]>();
  readonly #subscribed = new Map<string, number>();

  onMessage(topic: string, message: Uint8Array): void {
    this.events += 1;
    this.#messages.set(topic, [...this.on(topic), message]);
  }

  onSubscribed(topic: string): void {
    this.events += 1;
    this.#subscribed.set(topic, this.subscriptions(topic) + 1);
  }

  onUp(): void {
    this.events += 1;
    this.up = true;
  }

  onDown(): void {
    this.events += 1;
    this.up = false;
  }

  on(topic: string): readonly Uint8Array[] {
    return this.#messages.get(topic) ?? [];
  }

  subscriptions(topic: string): number {
    return this.#subscribed.get(topic) ?? 0;
  }

  async subscribed(topic: string): Promise<void> {
    const before = this.subscriptions(topic);
    this.broker.subscribe(topic);
    await until(`${topic} is subscribed to`, () => this.subscriptions(topic) > before);
  }
}

export async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = performance.now() + TIMEOUT_MS;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`Waited ${TIMEOUT_MS} ms in vain until ${what}.`);
    await pause(5);
  }
}
