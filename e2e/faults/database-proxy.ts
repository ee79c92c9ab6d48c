import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { EXECUTE, executeOfNothing, type Message, MessageSplitter, QUERY } from './postgres-messages.ts';

/** What happens between the server and its database. */
export type Disturbance =
  | { readonly kind: 'none' }
  /** Every connection is lost, and none can be made. */
  | { readonly kind: 'refuse' }
  /** Connections stay, and nothing comes through. */
  | { readonly kind: 'stall' }
  /** Every statement takes this much longer. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** One statement in so many is cut off: in its middle, or so that it is done and its answer is lost. */
  | { readonly kind: 'cut'; readonly oneIn: number }
  /** One statement in so many fails. */
  | { readonly kind: 'fail'; readonly oneIn: number };

const NONE: Disturbance = { kind: 'none' };

/** A TCP proxy in front of a real Postgres. */
export class DatabaseProxy {
  readonly #target: URL;
  readonly #below: (limit: number) => number;
  readonly #server: Server;
  readonly #links = new Set<Link>();
  #disturbance: Disturbance = NONE;
  #felt = 0;

  private constructor(target: string, below: (limit: number) => number) {
    this.#target = new URL(target);
    this.#below = below;
    this.#server = createServer((client) => this.#accept(client));
  }

  /** `below` is where chance comes from. */
  static async start(target: string, below: (limit: number) => number): Promise<DatabaseProxy> {
    const proxy = new DatabaseProxy(target, below);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** Address of the database, through the proxy. */
  get url(): string {
    const url = new URL(this.#target);
    url.port = String((this.#server.address() as { port: number }).port);
    return url.href;
  }

  /** How often the present disturbance has met a statement or a connection. */
  get felt(): number {
    return this.#felt;
  }

  /** Connections of the server that have not ended. */
  get connections(): number {
    return this.#links.size;
  }

  set(disturbance: Disturbance): void {
    this.#disturbance = disturbance;
    this.#felt = 0;
    if (disturbance.kind === 'refuse') for (const link of this.#links) link.reset();
    if (disturbance.kind !== 'stall') for (const link of this.#links) link.flow();
  }

  async close(): Promise<void> {
    for (const link of this.#links) link.reset();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(client: Socket): void {
    if (this.#disturbance.kind === 'refuse') {
      this.#felt++;
      client.resetAndDestroy();
      return;
    }
    const link = new Link(client, connect(Number(this.#target.port), this.#target.hostname), (message) => this.#fate(message));
    this.#links.add(link);
    client.once('close', () => this.#links.delete(link));
  }

  #fate({ type }: Message): Fate {
    const disturbance = this.#disturbance;
    const { kind } = disturbance;
    if (kind === 'none' || kind === 'refuse') return PASS;
    // A simple query is the driver's own (begin, commit); it cannot be made to fail without leaving its words.
    const meant = kind === 'stall' || type === EXECUTE || (type === QUERY && kind !== 'fail');
    if (!meant) return PASS;
    if ('oneIn' in disturbance && this.#below(disturbance.oneIn) > 0) return PASS;
    this.#felt++;
    if (kind !== 'cut') return disturbance;
    return { kind: this.#below(2) === 0 ? 'cut in its middle' : 'cut before its answer' };
  }
}

/** What becomes of one message to the database. */
type Fate =
  | { readonly kind: 'pass' | 'stall' | 'fail' | 'cut in its middle' | 'cut before its answer' }
  | { readonly kind: 'slow'; readonly ms: number };

const PASS: Fate = { kind: 'pass' };

/** One connection of the server to its database. */
class Link {
  readonly #client: Socket;
  readonly #database: Socket;
  readonly #fateOf: (message: Message) => Fate;
  readonly #splitter = new MessageSplitter();
  #queue: Promise<void> = Promise.resolve();
  #flow = Promise.withResolvers<void>();

  constructor(client: Socket, database: Socket, fateOf: (message: Message) => Fate) {
    this.#client = client;
    this.#database = database;
    this.#fateOf = fateOf;
    client.on('data', (chunk) => {
      for (const message of this.#splitter.push(chunk)) this.#queue = this.#queue.then(() => this.#forward(message));
    });
    database.on('data', (chunk) => client.write(chunk));
    for (const socket of [client, database]) {
      socket.on('error', () => {});
      socket.on('close', () => this.reset());
    }
  }

  /** Lets through what was held back. */
  flow(): void {
    this.#flow.resolve();
    this.#flow = Promise.withResolvers();
  }

  reset(): void {
    this.#client.destroy();
    this.#database.destroy();
    this.flow();
  }

  async #forward(message: Message): Promise<void> {
    const fate = this.#fateOf(message);
    if (fate.kind === 'stall') await this.#flow.promise;
    if (fate.kind === 'slow') await sleep(fate.ms);
    if (fate.kind === 'cut before its answer') {
      this.#database.removeAllListeners('data');
      this.#database.once('data', () => this.reset());
    }
    if (fate.kind === 'cut in its middle') {
      this.#database.write(message.bytes.subarray(0, message.bytes.length / 2), () => this.reset());
    } else this.#database.write(fate.kind === 'fail' ? executeOfNothing() : message.bytes);
  }
}
