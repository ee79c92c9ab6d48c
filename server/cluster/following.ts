import type { LoggedUpdate, LogHead } from '../../persistence/document-store.ts';
import type { Commit } from '../../persistence/log-batch.ts';
import type { FollowedDocument } from '../ports/cluster.ts';
import { LogPosition } from './log-position.ts';
import type { Message } from './messages.ts';
import { PresenceExchange } from './presence-exchange.ts';

/** How long a gap may be one of order, before the rows are read from the log, ms. */
const GAP_MS = 30;

/** Wait before a read that failed, or that did not find what is known to exist, is tried again, ms. */
const RETRY_MS = 250;

/** A document is part of a node's pulses for so long after it has changed, ms. */
export const RECENT_MS = 6_000;

/** Longer updates are not told but read from the log, bytes: a broker holds others' messages up meanwhile. */
const MAX_TOLD_BYTES = 64 * 1024;

/** What a message of edits has beside the updates, bytes at the most. */
const OVERHEAD_BYTES = 256;

/** What one document asks of its node. */
export interface FollowingNode {
  readonly id: string;
  readonly now: () => number;
  /** The longest message that the broker carries, bytes. */
  readonly maxMessageBytes: number;
  /** Tells those who have the document. */
  send(following: Following, message: Message): void;
  /** Reads the rows after `seq`, a page of them, and hands them to `rowsRead`. */
  read(following: Following, seq: number): void;
  /** Has the document compared with Postgres soon; its head is handed to `headRead`. */
  look(following: Following): void;
  /** Reads the head at once, and calls back; with `null` when the database does not answer. */
  head(following: Following, done: (head: LogHead | null) => void): void;
  /** Something is to be done in `ms`. */
  wake(following: Following, ms: number): void;
}

/**
 * One document in memory and what other nodes do to it. Postgres is the truth and the broker a doorbell: a row that is told of is
 * taken if it is the next one, and any gap, silence or doubt is settled by reading the log. So nothing depends on
 * a message: a lost one costs time, a doubled, late or forged number costs a read.
 */
export class Following {
  readonly document: FollowedDocument;
  readonly presence: PresenceExchange;
  readonly #node: FollowingNode;
  readonly #position: LogPosition;
  #lackingSince = Number.POSITIVE_INFINITY;
  #reading = false;
  #readAt = 0;
  #changedAt = Number.NEGATIVE_INFINITY;
  #committed = 0;
  #waiting: { readonly head: number; readonly resolve: () => void }[] = [];
  /** Another node has said that the log has fallen back. */
  #wasTold = false;

  constructor(document: FollowedDocument, node: FollowingNode) {
    this.document = document;
    this.#node = node;
    this.#position = new LogPosition(document.handle.head);
    this.presence = new PresenceExchange(document, {
      id: node.id,
      now: node.now,
      maxMessageBytes: node.maxMessageBytes,
      send: (message) => {
        this.#changedAt = node.now();
        node.send(this, message);
      },
      wake: (ms) => node.wake(this, ms),
    });
  }

  get name(): string {
    return this.document.handle.name;
  }

  get head(): number {
    return this.#position.head;
  }

  /** What a pulse says of it; `null` when nothing has changed for a while. */
  recent(now: number) {
    if (now - this.#changedAt > RECENT_MS) return null;
    return { document: this.name, epoch: this.document.handle.epoch, seq: this.#committed, presence: this.presence.number };
  }

  /** This node has committed rows: the others are told. */
  committed({ firstSeq, updates }: Pick<Commit, 'firstSeq' | 'updates'>): void {
    this.#changedAt = this.#node.now();
    this.#committed = firstSeq + updates.length - 1;
    this.#apply(this.#position.committed(firstSeq, updates.length));
    const { handle, schemaVersion } = this.document;
    const bytes = updates.reduce((sum, update) => sum + update.length + 4, OVERHEAD_BYTES);
    this.#node.send(this, {
      kind: 'edits',
      from: this.#node.id,
      id: handle.id ?? '',
      epoch: handle.epoch,
      schemaVersion,
      first: firstSeq,
      count: updates.length,
      updates: bytes > Math.min(MAX_TOLD_BYTES, this.#node.maxMessageBytes) ? null : updates,
    });
    this.#settle();
  }

  /** Another node has told something of the document. */
  receive(message: Message): void {
    if (message.kind === 'edits') this.#receiveEdits(message);
    else if (message.kind === 'look') this.#look(message.fellBack);
    else this.presence.receive(message);
  }

  /** A pulse says where another node stands in the document. */
  hear(from: string, { epoch, seq, presence }: { readonly epoch: number; readonly seq: number; readonly presence: number }): void {
    if (this.#isOtherLife(epoch)) return;
    this.#exists(seq);
    this.presence.hear(from, presence);
  }

  /** What `FollowingNode.read` has found; `null` when the database does not answer. */
  rowsRead(rows: readonly Pick<LoggedUpdate, 'seq' | 'data'>[] | null, schemaVersion: number): void {
    this.#reading = false;
    this.document.raiseSchema(schemaVersion);
    const before = this.#position.head;
    const due = (rows ?? []).flatMap(({ seq, data }) => this.#position.received(seq, [data]));
    this.#apply(due);
    const isStuck = this.#position.head === before;
    this.#readAt = isStuck ? this.#node.now() + RETRY_MS : 0;
    // Known to exist, and not in the log: it has fallen back, or the document was deleted.
    if (rows !== null && isStuck && this.#position.lacks) this.#node.look(this);
    if (rows === null) this.#release(Number.POSITIVE_INFINITY);
    this.#settle();
  }

  /** What `FollowingNode.look` has found. */
  headRead(head: LogHead): void {
    if (typeof head === 'number') this.#exists(head);
  }

  /** Resolves when all that is committed by now is in memory, or the database does not answer. */
  caughtUp(): Promise<void> {
    return new Promise((resolve) => {
      this.#node.head(this, (head) => {
        if (typeof head !== 'number' || head <= this.#position.head) resolve();
        else {
          this.#waiting.push({ head, resolve });
          this.#exists(head);
        }
      });
    });
  }

  /** Does what is due. */
  tick(now: number): void {
    this.presence.tick(now);
    if (!this.#position.lacks || this.#reading) return;
    const at = Math.max(this.#lackingSince + GAP_MS, this.#readAt);
    if (now < at) {
      this.#node.wake(this, at - now);
      return;
    }
    this.#reading = true;
    this.#node.read(this, this.#position.head);
  }

  /** All rows up to this one are in memory, by another way than the log. */
  startAt(head: number): void {
    this.#position.restart(head);
    this.#settle();
  }

  /** The log has fallen back. Who was told of it tells nobody, or two would tell each other for ever. */
  restart(head: number): void {
    this.startAt(head);
    if (!this.#wasTold) this.#node.send(this, { kind: 'look', from: this.#node.id, fellBack: true });
    this.#wasTold = false;
  }

  close(): void {
    this.presence.close();
    this.#release(Number.POSITIVE_INFINITY);
  }

  #look(fellBack: boolean): void {
    if (fellBack) this.#wasTold = true;
    else this.#node.look(this);
  }

  #receiveEdits({ id, epoch, schemaVersion, first, count, updates }: Extract<Message, { kind: 'edits' }>): void {
    if (this.#isOtherLife(epoch)) return;
    const { handle } = this.document;
    handle.id ??= id;
    this.document.raiseSchema(schemaVersion);
    if (updates === null) {
      // There is nothing to wait for.
      this.#lackingSince = Math.min(this.#lackingSince, this.#node.now() - GAP_MS);
      this.#exists(first + count - 1);
    } else {
      this.#apply(this.#position.received(first, updates));
      this.#settle();
    }
  }

  /** It is told of another life of the name: of an earlier one nothing is taken, and a later one says that this one has ended. */
  #isOtherLife(epoch: number): boolean {
    const { handle } = this.document;
    if (epoch > handle.epoch) this.#node.look(this);
    return epoch !== handle.epoch;
  }

  #exists(seq: number): void {
    this.#position.exists(seq);
    this.#settle();
  }

  #apply(updates: readonly Uint8Array[]): void {
    if (updates.length > 0) this.document.receive(updates);
  }

  /** Whatever has become of the position: the head is told to the handle, and a gap is looked after. */
  #settle(): void {
    const { handle } = this.document;
    handle.head = Math.max(handle.head, this.#position.heard);
    this.#release(this.#position.head);
    if (!this.#position.lacks) {
      this.#lackingSince = Number.POSITIVE_INFINITY;
      return;
    }
    const now = this.#node.now();
    this.#lackingSince = Math.min(this.#lackingSince, now);
    this.tick(now);
  }

  #release(upTo: number): void {
    if (this.#waiting.length === 0) return;
    const due = this.#waiting.filter(({ head }) => head <= upTo);
    this.#waiting = this.#waiting.filter(({ head }) => head > upTo);
    for (const { resolve } of due) resolve();
  }
}
