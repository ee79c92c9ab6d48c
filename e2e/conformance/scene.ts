import { randomUUID } from 'node:crypto';
import { until } from '../wait.ts';
import { FrameClient } from './frame-client.ts';
import { ProviderClient, type ProviderClientOptions } from './provider-client.ts';
import type { ProviderKit, ProviderSocket } from './providers.ts';
import type { Soon } from './soon.ts';
import { Wire } from './wire.ts';

/** Where the cases are run. */
export interface Target {
  /** `ws://…` or `wss://…`, as a provider is given it. */
  readonly url: string;
  /** What lets a client in to read and write. */
  readonly token: string;
  /** Longest wait for what should happen, ms. */
  readonly patienceMs: number;
}

/** What one case is played with: clients of a server, and a document name nobody else uses. */
export class Scene {
  readonly target: Target;
  readonly kit: ProviderKit;
  readonly name = `conformance ${randomUUID()}`;
  readonly #opened: { close(): void }[] = [];

  constructor(target: Target, kit: ProviderKit) {
    this.target = target;
    this.kit = kit;
  }

  readonly soon: Soon = (what, condition) => until(what, condition, this.target.patienceMs);

  /** A provider, by default on a socket of its own and in the document of this scene. */
  client(options: Partial<ProviderClientOptions> = {}): ProviderClient {
    const socket = options.socket ?? this.socket();
    return this.#track(new ProviderClient(this.kit, this.soon, { name: this.name, token: this.target.token, ...options, socket }));
  }

  /** A provider that is synced and has nothing unsaved. */
  async ready(options: Partial<ProviderClientOptions> = {}): Promise<ProviderClient> {
    const client = this.client(options);
    await client.saved();
    return client;
  }

  /** A provider's socket, for several documents. */
  socket(): ProviderSocket {
    const { HocuspocusProviderWebsocket } = this.kit;
    const socket = new HocuspocusProviderWebsocket({ url: this.target.url, delay: 20, minDelay: 20, maxDelay: 200, factor: 1.5 });
    this.#track({ close: () => socket.destroy() });
    return socket;
  }

  /** A bare socket, let in to a document under this address. */
  async frames(address = this.name, token = this.target.token, url = this.target.url): Promise<FrameClient> {
    return this.#track(await FrameClient.enter(url, address, token, this.soon));
  }

  /** A bare socket that has not said a word. */
  async stranger(): Promise<FrameClient> {
    return this.#track(await FrameClient.connect(this.target.url, this.name, this.soon));
  }

  /** A connection whose every byte the case decides; `change` changes the lines of its upgrade. */
  async wire(change?: (lines: string[]) => string[]): Promise<Wire> {
    return this.#track(await Wire.open(this.target.url, this.soon, change));
  }

  close(): void {
    for (const opened of this.#opened.toReversed()) opened.close();
  }

  #track<T extends { close(): void }>(opened: T): T {
    this.#opened.push(opened);
    return opened;
  }
}
