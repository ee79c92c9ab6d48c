import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { DocumentHandle } from '../../../persistence/document-store.ts';
import type { FollowedDocument, Follower } from '../../ports/cluster.ts';
import type { BrokerEvents, OpenBroker } from '../broker.ts';
import { RunningCluster } from '../cluster.ts';

const NODES = 3;
const EDITS = 300;
const TIMEOUT_MS = 20_000;

/** The log of the nodes under test: what Postgres is to real ones. */
class Log {
  readonly rows: { seq: number; data: Uint8Array }[] = [];

  append(data: Uint8Array): number {
    this.rows.push({ seq: this.rows.length + 1, data });
    return this.rows.length;
  }
}

class CountedDocument implements FollowedDocument {
  readonly handle: DocumentHandle = { name: 'a document', id: '1', epoch: 1, head: 0 };
  readonly schemaVersion = 1;
  readonly holds = new Set<string>();
  follower!: Follower;

  receive(updates: readonly Uint8Array[]): void {
    for (const update of updates) this.holds.add(Buffer.from(update).toString());
  }

  raiseSchema(): void {}
  presence(): null {
    return null;
  }
  presentIds(): number[] {
    return [];
  }
  receivePresence(): null {
    return null;
  }
  refutePresence(): void {}
  forgetNode(): void {}
}

/** Three nodes with a log in memory edit one document over a broker that is made worse; rejects when they do not hold the same in the end. */
export async function nodesConverge(open: OpenBroker, prefix: string): Promise<void> {
  const log = new Log();
  const nodes = await Promise.all(Array.from({ length: NODES }, () => startNode(log, worse(open), `${prefix}-nodes`)));
  try {
    for (let at = 0; at < EDITS; at++) {
      const { document } = nodes[at % NODES]!;
      const update = Buffer.from(`edit ${at}`);
      document.receive([update]);
      document.follower.committed({ firstSeq: log.append(update), updates: [update] });
      if (at % 10 === 0) await pause(2);
    }
    const deadline = performance.now() + TIMEOUT_MS;
    while (nodes.some(({ document }) => document.holds.size < EDITS)) {
      if (performance.now() > deadline)
        throw new Error(`Of ${EDITS} edits the nodes hold ${nodes.map(({ document }) => document.holds.size).join(', ')}.`);
      await pause(10);
    }
  } finally {
    await Promise.all(nodes.map(({ cluster }) => cluster.close()));
  }
}

async function startNode(log: Log, openBroker: OpenBroker, identity: string) {
  const document = new CountedDocument();
  const cluster = await RunningCluster.start({
    openBroker,
    id: randomBytes(8).toString('hex'),
    identity,
    store: {
      updatesAfter: async (_handle, seq) => log.rows.slice(seq, seq + 50).map((row) => ({ ...row, author: null, at: 0 })),
      schemaVersion: async () => 1,
      heads: async (handles) => handles.map(() => log.rows.length),
    },
    compare: async (handles, onHead) => {
      for (const handle of handles) onHead(handle, log.rows.length);
    },
    fellBack: () => {},
    status: () => ({ url: '', version: '', startedAt: 0, documents: 1, connections: 0, ready: true }),
    now: () => performance.now(),
    onBroker: () => {},
    onError: (what, error) => {
      throw new Error(what, { cause: error });
    },
  });
  document.follower = cluster.follow(document);
  return { cluster, document };
}

/** Loses every third message, and doubles and delays others. */
function worse(open: OpenBroker): OpenBroker {
  let count = 0;
  return ({ prefix, events }) => {
    const troubled: BrokerEvents = {
      onSubscribed: (topic) => events.onSubscribed(topic),
      onUp: () => events.onUp(),
      onDown: (reason) => events.onDown(reason),
      onMessage: (topic, message) => {
        count += 1;
        if (count % 3 === 0) return;
        if (count % 3 === 1) events.onMessage(topic, message);
        if (count % 5 < 2) setTimeout(() => events.onMessage(topic, message), (count * 7) % 60).unref();
      },
    };
    return open({ prefix, events: troubled });
  };
}
