import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy in front of a server, whose network can go dead without a word: packets vanish, and nobody is told. */
export class NetworkProxy {
  readonly #target: URL;
  readonly #server: Server;
  readonly #links = new Set<Link>();
  #state: 'alive' | 'dead' | 'stalled' = 'alive';
  #made = 0;

  private constructor(target: string) {
    this.#target = new URL(target);
    this.#server = createServer((client) => this.#accept(client));
  }

  static async start(target: string): Promise<NetworkProxy> {
    const proxy = new NetworkProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** Address of the server, through the proxy. */
  get url(): string {
    const url = new URL(this.#target);
    url.port = String((this.#server.address() as { port: number }).port);
    return url.origin;
  }

  /** Connections that were made, whatever became of them. */
  get made(): number {
    return this.#made;
  }

  /** Connections of this moment are dead for ever, as when a router has forgotten them; others are made as ever. */
  forget(): void {
    for (const link of this.#links) link.die();
  }

  /** Those die, and so does every other that is made before the network is back. */
  die(): void {
    this.forget();
    this.#state = 'dead';
  }

  /** Nothing comes through, and nothing is lost: it comes when the network is back. */
  stall(): void {
    this.#state = 'stalled';
    for (const link of this.#links) link.stall();
  }

  revive(): void {
    this.#state = 'alive';
    for (const link of this.#links) link.flow();
  }

  async close(): Promise<void> {
    for (const link of this.#links) link.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(client: Socket): void {
    this.#made++;
    const link = new Link(client, connect(Number(this.#target.port), this.#target.hostname));
    this.#links.add(link);
    client.once('close', () => this.#links.delete(link));
    if (this.#state === 'dead') link.die();
    if (this.#state === 'stalled') link.stall();
  }
}

/** One connection through the proxy. */
class Link {
  readonly #ends: readonly [Socket, Socket];
  #dead = false;

  constructor(client: Socket, server: Socket) {
    this.#ends = [client, server];
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.setNoDelay();
      from.on('error', () => {});
      from.on('data', (chunk) => {
        if (!this.#dead) to.write(chunk);
      });
      from.on('close', () => {
        if (!this.#dead) to.destroy();
      });
    }
  }

  /** Neither end hears of the other any more, not even that it has gone. */
  die(): void {
    this.#dead = true;
    this.flow();
  }

  stall(): void {
    for (const end of this.#ends) end.pause();
  }

  flow(): void {
    for (const end of this.#ends) end.resume();
  }

  destroy(): void {
    for (const end of this.#ends) end.destroy();
  }
}
