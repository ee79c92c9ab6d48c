import type { DocumentHandle, DocumentStore, LogHead } from '../../persistence/document-store.ts';
import type { Cluster, FollowedDocument, Follower, NodeChannel, NodeInfo } from '../ports/cluster.ts';
import type { Broker, OpenBroker } from './broker.ts';
import { type NodeStatus, nodeTopic } from './messages.ts';
import { ClusterNode } from './node.ts';

/** Rows that are read at a time, when some were missed. */
const ROWS_PER_READ = 500;

export interface ClusterParts {
  /** This node's id, unlike that of any other process that there ever was. */
  readonly id: string;
  readonly openBroker: OpenBroker;
  /** What tells this system from others at the same broker. */
  readonly identity: string;
  readonly store: Pick<DocumentStore, 'updatesAfter' | 'schemaVersion' | 'heads'>;
  /** Compares documents with Postgres; rejects when the database does not answer. `onHead` is called with each. */
  readonly compare: (handles: readonly DocumentHandle[], onHead: (handle: DocumentHandle, head: LogHead) => void) => Promise<void>;
  /** Another node has seen the log fall back. */
  readonly fellBack: (handle: DocumentHandle) => void;
  readonly status: () => NodeStatus;
  readonly now: () => number;
  /** The broker is away, and why; `null` when it is there again. */
  readonly onBroker: (reason: string | null) => void;
  readonly onError: (what: string, error: unknown) => void;
}

/** A node as operators see it. */
export function nodeInfo(id: string, status: NodeStatus, self: string): NodeInfo {
  return { ...status, id, startedAt: new Date(status.startedAt), self: id === self };
}

/** This node among the others. */
export class RunningCluster implements Cluster {
  readonly #parts: ClusterParts;
  readonly #node: ClusterNode;
  #broker: Broker | null = null;
  #onDirect: (message: Uint8Array) => void = () => {};
  #timer: NodeJS.Timeout | null = null;
  #wakeAt = Number.POSITIVE_INFINITY;
  #closed = false;

  private constructor(parts: ClusterParts, maxMessageBytes: number) {
    this.#parts = parts;
    this.#node = new ClusterNode({
      id: parts.id,
      now: parts.now,
      maxMessageBytes,
      publish: (topic, message) => this.#broker?.publish(topic, message),
      subscribe: (topic) => this.#broker?.subscribe(topic),
      unsubscribe: (topic) => this.#broker?.unsubscribe(topic),
      readAfter: ({ handle }, seq, done) => {
        Promise.all([parts.store.updatesAfter(handle, seq, ROWS_PER_READ), parts.store.schemaVersion(handle)]).then(
          ([rows, schemaVersion]) => done(rows, schemaVersion),
          () => done(null, 1),
        );
      },
      readHead: ({ handle }, done) => {
        parts.store.heads([handle]).then(
          ([head]) => done(head ?? null),
          () => done(null),
        );
      },
      compare: (documents, fellBack) => void this.#compare(documents, fellBack),
      wake: (ms) => this.#wake(ms),
      status: parts.status,
    });
  }

  /** Opens the broker and joins the others. Rejects when the broker's settings cannot be right. */
  static async start(parts: ClusterParts): Promise<RunningCluster> {
    let cluster: RunningCluster | null = null;
    // What a broker tells while it is being opened comes after that.
    const opened = Promise.withResolvers<RunningCluster>();
    const later = (act: (cluster: RunningCluster) => void) => {
      if (cluster === null) void opened.promise.then(act, () => {});
      else act(cluster);
    };
    const broker = await parts.openBroker({
      prefix: parts.identity,
      events: {
        onMessage: (topic, message) => later((it) => it.#safely('a message of another node', () => it.#receive(topic, message))),
        onSubscribed: (topic) => later((it) => it.#subscribed(topic)),
        onUp: () => later((it) => it.#up()),
        onDown: (reason) => later((it) => it.#down(reason)),
      },
    });
    cluster = new RunningCluster(parts, broker.maxMessageBytes);
    cluster.#broker = broker;
    cluster.#node.start();
    opened.resolve(cluster);
    cluster.#wake(0);
    return cluster;
  }

  /** The broker carries messages. */
  get connected(): boolean {
    return this.#node.connected;
  }

  get brokerName(): string {
    return this.#broker?.name ?? '';
  }

  follow(document: FollowedDocument): Follower {
    return this.#node.follow(document);
  }

  look(name: string): void {
    this.#node.look(name);
  }

  /** Messages to and from other nodes that are about no document. */
  get channel(): NodeChannel {
    const { id: self } = this.#parts;
    return {
      self,
      maxMessageBytes: this.#broker?.maxMessageBytes ?? 0,
      isThere: (node) => this.#node.peers.statuses.some(([id]) => id === node),
      send: (node, message) => this.#broker?.publish(nodeTopic(node), message),
      listen: (onMessage) => {
        this.#onDirect = onMessage;
        this.#broker?.subscribe(nodeTopic(self));
      },
    };
  }

  /** All nodes that are there, this one first. */
  nodes(): NodeInfo[] {
    const { id: self, status } = this.#parts;
    return [nodeInfo(self, status(), self), ...this.#node.peers.statuses.map(([id, its]) => nodeInfo(id, its, self))];
  }

  /** Tells the others that this node goes, and leaves. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#node.close();
    await this.#broker?.close();
  }

  #receive(topic: string, message: Uint8Array): void {
    if (topic === nodeTopic(this.#parts.id)) this.#onDirect(message);
    else this.#node.receive(topic, message);
  }

  #subscribed(topic: string): void {
    if (topic !== nodeTopic(this.#parts.id)) this.#node.subscribed(topic);
  }

  #up(): void {
    if (this.#closed) return;
    this.#node.brokerUp();
    this.#parts.onBroker(null);
  }

  #down(reason: string): void {
    if (this.#closed) return;
    this.#node.brokerDown();
    this.#parts.onBroker(reason);
  }

  async #compare(documents: readonly FollowedDocument[], fellBack: boolean): Promise<void> {
    if (fellBack) {
      for (const { handle } of documents) this.#parts.fellBack(handle);
      return;
    }
    const byHandle = new Map(documents.map((document) => [document.handle, document]));
    try {
      await this.#parts.compare([...byHandle.keys()], (handle, head) => this.#node.headRead(byHandle.get(handle)!, head));
    } catch {
      // The database is away, which is noticed elsewhere: the next round tries again.
    }
  }

  #wake(ms: number): void {
    const at = this.#parts.now() + ms;
    if (this.#closed || at >= this.#wakeAt) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#wakeAt = at;
    this.#timer = setTimeout(() => {
      this.#wakeAt = Number.POSITIVE_INFINITY;
      this.#safely('the exchange with other nodes', () => this.#node.tick());
    }, ms);
    this.#timer.unref();
  }

  /** A fault in one message or document must not end the exchange. */
  #safely(what: string, act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#parts.onError(what, error);
      this.#wake(1_000);
    }
  }
}
