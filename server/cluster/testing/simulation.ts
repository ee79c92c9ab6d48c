import { seededRandom } from '../../../e2e/seeded-random.ts';
import type { FollowedDocument } from '../../ports/cluster.ts';
import { decodeMessage, encodeMessage } from '../messages.ts';
import { ClusterNode } from '../node.ts';
import { SimulatedClock } from './simulated-clock.ts';
import { bytesOf, SimulatedDocument } from './simulated-document.ts';
import { differences, problemsOf, type World } from './simulation-checks.ts';
import type { Mutant, Outcome, SimulationOptions } from './simulation-options.ts';

/** Nodes are given so long after the last fault, ms. */
const SETTLE_MS = 6_000;

/** While the faults last, ms. */
const TROUBLE_MS = 3_000;

const STATUS = { url: '', version: '', startedAt: 0, documents: 0, connections: 0, ready: true };

interface SimulatedNode {
  readonly index: number;
  readonly node: ClusterNode;
  readonly documents: Map<string, SimulatedDocument>;
  readonly topics: Set<string>;
  alive: boolean;
  /** Messages wait until it goes on. */
  pausedUntil: number;
  cutUntil: number;
  wakeAt: number;
}

/** A world of nodes, a broker and a database, in which everything that can go wrong does, in the order that the seed says. */
export class Simulation {
  readonly #options: Required<Omit<SimulationOptions, 'mutant'>> & { readonly mutant: Mutant | null };
  readonly #random: () => number;
  readonly #logs = new Map<string, number[]>();
  readonly #nodes: SimulatedNode[] = [];
  readonly #clock = new SimulatedClock();
  readonly #acknowledged = new Map<string, number[]>();
  #brokerUntil = 0;
  #databaseUntil = 0;
  #nextUpdate = 1;
  #nextClient = 1;
  #lossy = true;
  #messages = 0;
  #reads = 0;

  constructor({ seed, nodes = 3, documents = 2, edits = 12, faults = 4, mutant }: SimulationOptions) {
    this.#options = { seed, nodes, documents, edits, faults, mutant: mutant ?? null };
    this.#random = seededRandom(seed).next;
  }

  get #world(): World {
    return { logs: this.#logs, acknowledged: this.#acknowledged, nodes: this.#nodes };
  }

  run(): Outcome {
    const { nodes, documents, edits, faults } = this.#options;
    for (let at = 0; at < documents; at++) this.#logs.set(`d${at}`, []);
    for (let at = 0; at < nodes; at++) this.#start(at);
    for (let at = 0; at < edits; at++) this.#clock.at(this.#until(TROUBLE_MS), () => this.#edit());
    for (let at = 0; at < edits / 2; at++) this.#clock.at(this.#until(TROUBLE_MS), () => this.#comeOrGo());
    for (let at = 0; at < faults; at++) this.#clock.at(this.#until(TROUBLE_MS), () => this.#fault());
    this.#clock.at(TROUBLE_MS, () => this.#heal());
    this.#clock.runUntil(TROUBLE_MS);
    let settledMs = -1;
    for (let step = 50; step <= SETTLE_MS; step += 50) {
      this.#clock.runUntil(TROUBLE_MS + step);
      if (settledMs < 0 && differences(this.#world).length === 0) settledMs = step;
    }
    return {
      problems: problemsOf(this.#world),
      messages: this.#messages,
      reads: this.#reads,
      settledMs,
    };
  }

  #until(max: number): number {
    return this.#random() * max;
  }

  #chance(probability: number): boolean {
    return this.#random() < probability;
  }

  #pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)]!;
  }

  // --- what happens

  #edit(): void {
    const node = this.#pick(this.#nodes);
    const document = this.#pick([...node.documents.values()]);
    if (!node.alive || document === undefined) return;
    const updates = Array.from({ length: 1 + Math.floor(this.#until(3)) }, () => this.#nextUpdate++);
    // Applied before it is committed.
    for (const update of updates) document.holds.add(update);
    this.#clock.in(this.#until(10), () => this.#commit(node, document, updates));
  }

  #commit(node: SimulatedNode, document: SimulatedDocument, updates: readonly number[]): void {
    if (!node.alive) return;
    const again = () => this.#clock.in(50, () => this.#commit(node, document, updates));
    if (!this.#reaches(node)) {
      again();
      return;
    }
    const log = this.#logs.get(document.handle.name)!;
    const firstSeq = log.length + 1;
    log.push(...updates);
    // The answer of a commit may be lost with its connection: it is committed twice then.
    if (this.#chance(0.05)) {
      again();
      return;
    }
    this.#clock.in(this.#until(5), () => {
      if (!node.alive) return;
      this.#acknowledged.get(document.handle.name)?.push(...updates) ?? this.#acknowledged.set(document.handle.name, [...updates]);
      document.handle.head = Math.max(document.handle.head, firstSeq + updates.length - 1);
      document.follower?.committed({ firstSeq, updates: updates.map(bytesOf) });
    });
  }

  #comeOrGo(): void {
    const node = this.#pick(this.#nodes);
    const document = this.#pick([...node.documents.values()]);
    if (!node.alive || document === undefined) return;
    const [id] = document.own;
    if (id !== undefined && this.#chance(0.5)) {
      document.own.delete(id);
      document.follower?.presenceChanged([id]);
    } else {
      const client = this.#nextClient++;
      document.own.add(client);
      document.follower?.presenceChanged([client]);
    }
  }

  #fault(): void {
    const node = this.#pick(this.#nodes);
    const ms = this.#until(1_500);
    switch (this.#pick(['kill', 'broker', 'database', 'cut', 'pause', 'leave', 'restart'] as const)) {
      case 'kill':
        this.#kill(node);
        this.#clock.in(this.#until(500), () => this.#start(node.index));
        break;
      case 'broker':
        this.#breakBroker(ms);
        break;
      case 'database':
        this.#databaseUntil = Math.max(this.#databaseUntil, this.#clock.now + ms);
        break;
      case 'cut':
        node.cutUntil = this.#clock.now + ms;
        break;
      case 'pause':
        node.pausedUntil = this.#clock.now + ms;
        break;
      case 'leave':
        this.#reopen(node);
        break;
      case 'restart':
        if (node.alive) node.node.close();
        this.#kill(node);
        this.#clock.in(this.#until(300), () => this.#start(node.index));
    }
  }

  #heal(): void {
    this.#lossy = false;
    this.#databaseUntil = 0;
    for (const node of this.#nodes) {
      node.cutUntil = 0;
      node.pausedUntil = 0;
      if (!node.alive) this.#start(node.index);
    }
    if (this.#brokerUntil > this.#clock.now) this.#repairBroker();
  }

  #breakBroker(ms: number): void {
    const until = this.#clock.now + ms;
    this.#brokerUntil = Math.max(this.#brokerUntil, until);
    for (const node of this.#nodes)
      this.#clock.in(this.#until(50), () => node.alive && this.#brokerUntil > this.#clock.now && node.node.brokerDown());
    this.#clock.at(until, () => {
      if (this.#brokerUntil === until) this.#repairBroker();
    });
  }

  #repairBroker(): void {
    this.#brokerUntil = 0;
    for (const node of this.#nodes) this.#clock.in(this.#until(50), () => node.alive && this.#brokerUntil === 0 && this.#connect(node));
  }

  #connect(node: SimulatedNode): void {
    node.node.brokerUp();
    for (const topic of [...node.topics]) node.node.subscribed(topic);
  }

  #kill(node: SimulatedNode): void {
    node.alive = false;
  }

  /** Everybody leaves a document and it is opened again, from the log. */
  #reopen(node: SimulatedNode): void {
    const document = this.#pick([...node.documents.values()]);
    if (!node.alive || document === undefined || !this.#reaches(node)) return;
    const ids = [...document.own];
    document.own.clear();
    document.follower?.presenceChanged(ids);
    document.follower?.close();
    this.#open(node, document.handle.name);
  }

  #reaches(node: SimulatedNode): boolean {
    return this.#clock.now >= this.#databaseUntil && this.#clock.now >= node.cutUntil;
  }

  // --- a node

  #start(index: number): void {
    if (this.#nodes[index]?.alive) return;
    const topics = new Set<string>();
    const id = `n${index}.${this.#clock.order}`;
    const subscribe = (topic: string) => {
      this.#clock.in(this.#until(5), () => {
        if (!started?.alive || topics.has(topic)) return;
        topics.add(topic);
        if (this.#brokerUntil <= this.#clock.now) started.node.subscribed(topic);
      });
    };
    let started: SimulatedNode | null = null;
    const node = new ClusterNode({
      id,
      now: () => this.#clock.now,
      maxMessageBytes: 8_000,
      publish: (topic, bytes) => started !== null && this.#publish(started, topic, bytes),
      subscribe,
      unsubscribe: (topic) => topics.delete(topic),
      readAfter: (document, seq, done) => this.#read(started!, document, seq, done),
      readHead: (document, done) =>
        this.#query(
          started!,
          () => done(this.#logs.get(document.handle.name)!.length),
          () => done(null),
        ),
      compare: (documents) => this.#compare(started!, documents),
      wake: (ms) => this.#wake(started, ms),
      status: () => STATUS,
    });
    started = { index, node, documents: new Map(), topics, alive: true, pausedUntil: 0, cutUntil: 0, wakeAt: Number.POSITIVE_INFINITY };
    this.#nodes[index] = started;
    node.start();
    for (const name of this.#logs.keys()) this.#open(started, name);
    if (this.#brokerUntil <= this.#clock.now) this.#connect(started);
    this.#wake(started, 0);
  }

  #open(node: SimulatedNode, name: string): void {
    const document = new SimulatedDocument(name, this.#logs.get(name)!);
    node.documents.set(name, document);
    document.follower = node.node.follow(document);
  }

  #wake(node: SimulatedNode | null, ms: number): void {
    if (node === null) return;
    const at = this.#clock.now + ms;
    if (at >= node.wakeAt) return;
    node.wakeAt = at;
    this.#clock.at(at, () => {
      if (node.wakeAt !== at || !node.alive) return;
      node.wakeAt = Number.POSITIVE_INFINITY;
      if (node.pausedUntil > this.#clock.now) this.#wake(node, node.pausedUntil - this.#clock.now);
      else node.node.tick();
    });
  }

  #publish(from: SimulatedNode, topic: string, bytes: Uint8Array): void {
    if (this.#brokerUntil > this.#clock.now || !from.alive) return;
    this.#messages += 1;
    if (this.#options.mutant === 'hears no pulses and compares nothing' && decodeMessage(bytes)?.kind === 'pulse') return;
    if (this.#options.mutant === 'asks for no presence' && decodeMessage(bytes)?.kind === 'ask') return;
    for (const node of this.#nodes) {
      if (!node.alive || !node.topics.has(topic)) continue;
      if (this.#lossy && this.#chance(0.3)) continue;
      this.#deliver(node, topic, bytes, this.#lossy ? this.#until(20) : 1);
      if (this.#lossy && this.#chance(0.1)) this.#deliver(node, topic, bytes, this.#until(400));
    }
  }

  #deliver(node: SimulatedNode, topic: string, bytes: Uint8Array, ms: number): void {
    this.#clock.in(ms, () => {
      if (!node.alive || !node.topics.has(topic)) return;
      if (node.pausedUntil > this.#clock.now) this.#deliver(node, topic, bytes, node.pausedUntil - this.#clock.now);
      else node.node.receive(topic, this.#options.mutant === 'takes gaps for none' ? this.#withoutGap(node, topic, bytes) : bytes);
    });
  }

  #withoutGap(node: SimulatedNode, topic: string, bytes: Uint8Array): Uint8Array {
    const message = decodeMessage(bytes);
    const follower = node.documents.get(topic.replace('document:', ''))?.follower;
    return message?.kind === 'edits' && follower ? encodeMessage({ ...message, first: follower.head + 1 }) : bytes;
  }

  #query(node: SimulatedNode, answer: () => void, fail: () => void): void {
    this.#reads += 1;
    this.#clock.in(1 + this.#until(4), () => {
      if (!node.alive) return;
      if (this.#reaches(node)) answer();
      else fail();
    });
  }

  #read(
    node: SimulatedNode,
    document: FollowedDocument,
    seq: number,
    done: (rows: { seq: number; data: Uint8Array }[] | null, schemaVersion: number) => void,
  ): void {
    const rows = () =>
      this.#logs
        .get(document.handle.name)!
        .slice(seq, seq + 4)
        .map((update, at) => ({ seq: seq + at + 1, data: bytesOf(update) }));
    const { mutant } = this.#options;
    this.#query(
      node,
      () => done(mutant === 'reads nothing' ? [] : rows(), 1),
      () => done(null, 1),
    );
  }

  #compare(node: SimulatedNode, documents: readonly FollowedDocument[]): void {
    if (this.#options.mutant === 'hears no pulses and compares nothing') return;
    this.#query(
      node,
      () => {
        for (const document of documents) node.node.headRead(document, this.#logs.get(document.handle.name)!.length);
      },
      () => {},
    );
  }
}
