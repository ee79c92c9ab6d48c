/**
 * The port to what carries messages between nodes. A broker may lose, double and reorder them: Postgres has the edits, and presence is
 * told again. It must not keep them: what is published while it is away is gone, for it would arrive out of date. Every broker passes
 * the suite `inkwire/cluster-contract`.
 */
export interface Broker {
  /** Its name, for the log and `GET /api/nodes`. */
  readonly name: string;
  /** The longest message that it carries, bytes; at least 2,048. */
  readonly maxMessageBytes: number;
  /**
   * Sends a message to all who have subscribed to its topic, perhaps to this process too. Topics are any text of up to 300 bytes
   * UTF-8. Never throws, never waits, and holds a bounded number of bytes: it drops the message when it cannot be sent. `message` is not changed later.
   */
  publish(topic: string, message: Uint8Array): void;
  /** Has what is published on a topic from soon on handed to `onMessage`; `onSubscribed` says from when. It holds until `unsubscribe`, over every outage. */
  subscribe(topic: string): void;
  unsubscribe(topic: string): void;
  /** Ends its connections. Safe to call twice. */
  close(): Promise<void>;
}

/** What a broker tells. It calls none of these before the promise of `OpenBroker` has resolved, nor after `close`. */
export interface BrokerEvents {
  /** The bytes are the listener's. */
  onMessage(topic: string, message: Uint8Array): void;
  /** What is published on this topic from then on arrives. Also after each outage, for every topic. */
  onSubscribed(topic: string): void;
  /** It carries messages; again, after an outage. */
  onUp(): void;
  /** It does not: `reason` is a sentence for the log, without secrets. */
  onDown(reason: string): void;
}

/** Opens a broker. Resolves also while it cannot be reached, if it may be later: `onUp` says when. Rejects when its settings cannot be right. `prefix` stands before every topic, so that other systems can use the same broker. */
export type OpenBroker = (options: { readonly prefix: string; readonly events: BrokerEvents }) => Promise<Broker>;
