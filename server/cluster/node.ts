import type { LoggedUpdate, LogHead } from '../../persistence/document-store.ts';
import type { FollowedDocument, Follower } from '../ports/cluster.ts';
import { Following } from './following.ts';
import { decodeMessage, documentTopic, encodeMessage, type Message, NODES_TOPIC, type NodeStatus, type Recent } from './messages.ts';
import { Peers } from './peers.ts';

/** How often a node says that it is there, and what has changed, ms. */
export const PULSE_MS = 500;

/** How often documents in memory are compared with Postgres, ms, and so many at a time: rarely while the broker is there, often when it is away. */
const COMPARISON = { up: { everyMs: 1_000, documents: 200 }, away: { everyMs: 500, documents: 1_000 } } as const;

/** The most documents that a pulse tells of. What is left out is found by the comparison. */
const MAX_RECENT = 500;

/** Documents whose presence is told in one turn, when a node asks for all. */
const ANSWERS_PER_TICK = 50;
const ANSWER_TICK_MS = 20;

/** What a node needs; nothing of it throws. */
export interface NodeParts {
  /** Unlike that of any other process that there ever was. */
  readonly id: string;
  /** Milliseconds of a clock that is not set back. */
  readonly now: () => number;
  /** The longest message that the broker carries, bytes. */
  readonly maxMessageBytes: number;
  /** Hands a message to the broker, which may lose it. */
  readonly publish: (topic: string, message: Uint8Array) => void;
  readonly subscribe: (topic: string) => void;
  readonly unsubscribe: (topic: string) => void;
  /** Reads a page of the rows after `seq` and the version of the document schema they ask for, and calls back; with `null` when the database does not answer. */
  readonly readAfter: (
    document: FollowedDocument,
    seq: number,
    done: (rows: readonly Pick<LoggedUpdate, 'seq' | 'data'>[] | null, schemaVersion: number) => void,
  ) => void;
  /** Reads a document's head and calls back, with `null` when the database does not answer. */
  readonly readHead: (document: FollowedDocument, done: (head: LogHead | null) => void) => void;
  /** Has the heads of these documents read, `ClusterNode.headRead` called with each, and the log checked for a fall-back. `fellBack`: somebody has seen one. */
  readonly compare: (documents: readonly FollowedDocument[], fellBack: boolean) => void;
  /** Has `tick` called in `ms`, or before. */
  readonly wake: (ms: number) => void;
  readonly status: () => NodeStatus;
}

/**
 * The protocol of the nodes, without IO: what is published, read and compared, and when. The same code runs in the simulation
 * (`testing/simulation.ts`), where messages are lost, doubled and late, nodes die, and broker and database are away.
 */
export class ClusterNode {
  readonly peers = new Peers();
  readonly #parts: NodeParts;
  readonly #documents = new Map<string, Following>();
  /** Those for which something is due. */
  #due = new Set<Following>();
  #toCompare = new Set<Following>();
  #toAnswer: Following[] = [];
  #pulseAt = 0;
  #compareAt = 0;
  #comparedUpTo = 0;
  #connected = false;

  constructor(parts: NodeParts) {
    this.#parts = parts;
  }

  /** Begins to listen. */
  start(): void {
    this.#parts.subscribe(NODES_TOPIC);
  }

  get documents(): number {
    return this.#documents.size;
  }

  /** The broker carries messages. */
  get connected(): boolean {
    return this.#connected;
  }

  /** A document is in memory. */
  follow(document: FollowedDocument): Follower {
    const following = new Following(document, {
      id: this.#parts.id,
      now: this.#parts.now,
      maxMessageBytes: this.#parts.maxMessageBytes,
      send: (to, message) => this.#publish(documentTopic(to.name), message),
      read: (to, seq) =>
        this.#parts.readAfter(document, seq, (rows, schemaVersion) => this.#ifOpen(to, () => to.rowsRead(rows, schemaVersion))),
      look: (to) => this.#compareSoon(to),
      head: (_to, done) => this.#parts.readHead(document, done),
      wake: (to, ms) => {
        this.#due.add(to);
        this.#parts.wake(ms);
      },
    });
    const { name } = document.handle;
    this.#documents.set(name, following);
    this.#parts.subscribe(documentTopic(name));
    return {
      get head() {
        return following.head;
      },
      caughtUp: () => following.caughtUp(),
      committed: (commit) => following.committed(commit),
      presenceChanged: (clientIds) => following.presence.changed(clientIds),
      startAt: (head) => following.startAt(head),
      restart: (head) => following.restart(head),
      close: () => this.#close(following),
    };
  }

  /** Has the others compare a document with Postgres. */
  look(name: string): void {
    this.#publish(documentTopic(name), { kind: 'look', from: this.#parts.id, fellBack: false });
  }

  /** The broker carries what is told on this topic from then on. What was told before may be lost. */
  subscribed(topic: string): void {
    for (const following of topic === NODES_TOPIC ? [] : this.#onTopic(topic)) {
      this.#compareSoon(following);
      following.presence.askAll();
    }
  }

  /** The broker is there, or there again. */
  brokerUp(): void {
    this.#connected = true;
    this.#toAnswer = [...this.#documents.values()];
    this.#parts.wake(0);
  }

  /** The broker is away: the log is asked instead. */
  brokerDown(): void {
    this.#connected = false;
    this.#compareAt = 0;
    this.#parts.wake(0);
  }

  /** A message came in, perhaps one of this node's own. */
  receive(topic: string, bytes: Uint8Array): void {
    const message = decodeMessage(bytes, this.#parts.id);
    if (message === null) return;
    if (message.kind === 'bye') this.#gone(message.from);
    else {
      const isNew = this.peers.heard(message.from, this.#parts.now(), message.kind === 'pulse' ? message.status : null);
      if (isNew) this.#publish(NODES_TOPIC, { kind: 'ask', from: this.#parts.id, of: message.from });
      if (topic === NODES_TOPIC) this.#receiveOfNodes(message);
      else for (const following of this.#onTopic(topic)) this.#receiveOfDocument(following, message);
    }
  }

  /** The head of a document, as `NodeParts.compare` has read it. */
  headRead(document: FollowedDocument, head: LogHead): void {
    const following = this.#documents.get(document.handle.name);
    if (following?.document === document) following.headRead(head);
  }

  /** Does what is due, and asks to be woken. */
  tick(): void {
    const now = this.#parts.now();
    if (now >= this.#pulseAt) this.#pulse(now);
    if (now >= this.#compareAt) this.#compareSome(now);
    for (const following of this.#toAnswer.splice(0, ANSWERS_PER_TICK)) following.presence.answer();
    const due = this.#due;
    this.#due = new Set();
    for (const following of due) following.tick(now);
    if (this.#toCompare.size > 0) this.#compare([...this.#toCompare]);
    this.#parts.wake(this.#toAnswer.length > 0 ? ANSWER_TICK_MS : Math.max(0, Math.min(this.#pulseAt, this.#compareAt) - now));
  }

  /** Tells the others that this node goes. */
  close(): void {
    for (const following of [...this.#documents.values()]) this.#close(following);
    this.#publish(NODES_TOPIC, { kind: 'bye', from: this.#parts.id });
  }

  #receiveOfNodes(message: Message): void {
    if (message.kind === 'pulse') {
      for (const recent of message.recent) this.#documents.get(recent.document)?.hear(message.from, recent);
    } else if (message.kind === 'ask' && message.of === this.#parts.id) {
      this.#toAnswer = [...this.#documents.values()];
      this.#parts.wake(0);
    }
  }

  #receiveOfDocument(following: Following, message: Message): void {
    following.receive(message);
    if (message.kind === 'look' && message.fellBack) this.#parts.compare([following.document], true);
  }

  #onTopic(topic: string): Following[] {
    const following = this.#documents.get(topic.slice(documentTopic('').length));
    return following === undefined ? [] : [following];
  }

  #pulse(now: number): void {
    this.#pulseAt = now + PULSE_MS;
    for (const node of this.peers.expire(now)) this.#gone(node);
    const recent: Recent[] = [];
    for (const following of this.#documents.values()) {
      const its = recent.length < MAX_RECENT ? following.recent(now) : null;
      if (its !== null) recent.push(its);
    }
    this.#publish(NODES_TOPIC, { kind: 'pulse', from: this.#parts.id, status: this.#parts.status(), recent });
  }

  #gone(node: string): void {
    this.peers.left(node);
    for (const following of this.#documents.values()) following.presence.forget(node);
  }

  /** The last net: every document is compared with Postgres in turn, whatever was heard of it. */
  #compareSome(now: number): void {
    const { everyMs, documents } = this.#connected ? COMPARISON.up : COMPARISON.away;
    this.#compareAt = now + everyMs;
    const all = [...this.#documents.values()];
    const from = this.#comparedUpTo < all.length ? this.#comparedUpTo : 0;
    this.#comparedUpTo = from + documents;
    this.#compare(all.slice(from, this.#comparedUpTo));
  }

  /** Several documents that are looked at in one turn share a statement. */
  #compareSoon(following: Following): void {
    this.#toCompare.add(following);
    this.#parts.wake(0);
  }

  #compare(some: readonly Following[]): void {
    for (const following of some) this.#toCompare.delete(following);
    if (some.length > 0)
      this.#parts.compare(
        some.map(({ document }) => document),
        false,
      );
  }

  #ifOpen(following: Following, act: () => void): void {
    if (this.#documents.get(following.name) === following) act();
  }

  #close(following: Following): void {
    following.close();
    if (this.#documents.get(following.name) !== following) return;
    this.#documents.delete(following.name);
    this.#due.delete(following);
    this.#toCompare.delete(following);
    this.#parts.unsubscribe(documentTopic(following.name));
  }

  /** What is told while the broker is away would arrive out of date. */
  #publish(topic: string, message: Message): void {
    if (!this.#connected) return;
    this.#parts.publish(topic, encodeMessage(message));
  }
}
