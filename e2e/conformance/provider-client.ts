import * as Y from 'yjs';
import { FrameType, SyncType } from '../../protocol/frames.ts';
import type { Provider, ProviderKit, ProviderSocket } from './providers.ts';
import { type ReceivedFrame, readReceived } from './received-frame.ts';
import type { Soon } from './soon.ts';

export interface ProviderClientOptions {
  readonly name: string;
  readonly token: string | (() => string) | (() => Promise<string>);
  readonly socket: ProviderSocket;
  readonly document: Y.Doc;
  /** Several providers of one document on one socket; since provider 4. */
  readonly sessionAwareness: boolean;
  /** ms. */
  readonly forceSyncInterval: number;
  /** ms; since provider 4. */
  readonly flushDelay: number;
  /** Without presence. */
  readonly awareness: null;
}

/** A real provider and what happened to it. */
export class ProviderClient {
  readonly document: Y.Doc;
  readonly provider: Provider;
  readonly socket: ProviderSocket;
  /** Names of the provider's events in the order they were raised, with the first argument of some: `stateless hello`. */
  readonly events: string[] = [];
  readonly #received: ReceivedFrame[] = [];
  readonly #soon: Soon;
  #closed = false;

  constructor(
    kit: ProviderKit,
    soon: Soon,
    { socket, document = new Y.Doc(), ...options }: Partial<ProviderClientOptions> & { name: string; socket: ProviderSocket },
  ) {
    this.#soon = soon;
    this.document = document;
    this.socket = socket;
    this.provider = new kit.HocuspocusProvider({ ...options, websocketProvider: socket, document });
    const { provider, events } = this;
    provider.on('authenticated', ({ scope }: { scope: string }) => events.push(`authenticated ${scope}`));
    provider.on('authenticationFailed', ({ reason }: { reason: string }) => events.push(`authenticationFailed ${reason}`));
    provider.on('synced', () => events.push('synced'));
    provider.on('stateless', ({ payload }: { payload: string }) => events.push(`stateless ${payload}`));
    provider.on('unsyncedChanges', ({ number }: { number: number }) => events.push(`unsyncedChanges ${number}`));
    provider.on('close', () => events.push('close'));
    provider.on('message', ({ event }: { event: { data: ArrayBuffer } }) => this.#received.push(readReceived(new Uint8Array(event.data))));
    provider.attach();
  }

  get text(): Y.Text {
    return this.document.getText('text');
  }

  /** How many Step2 came in: answers to a sync. */
  get answers(): number {
    return this.#received.filter(({ type, body }) => type === FrameType.Sync && body[0] === SyncType.Step2).length;
  }

  /** Synced, and everything typed so far is acknowledged. */
  async saved(): Promise<void> {
    await this.#soon('the provider has nothing unsaved', () => this.provider.isSynced && !this.provider.hasUnsyncedChanges);
  }

  async reads(text: string): Promise<void> {
    await this.#soon(`a client reads "${text}"`, () => this.text.toString() === text).catch((error) => {
      throw new Error(`${error.message} It reads "${this.text}".`);
    });
  }

  async hears(event: string): Promise<void> {
    await this.#soon(`a provider raises "${event}"`, () => this.events.includes(event)).catch((error) => {
      throw new Error(`${error.message} Last it raised ${this.events.slice(-6).join(', ')}.`);
    });
  }

  /** Resolves when the server has dealt with everything sent so far: it answers Step1 in the order things came in. */
  async roundTrip(): Promise<void> {
    const before = this.answers;
    this.provider.forceSync();
    await this.#soon('the server answers a Step1', () => this.answers > before);
  }

  /** What others see of this client, by its field `mark`. */
  mark(value: unknown): void {
    this.provider.setAwarenessField('mark', value);
  }

  /** The `mark` of another client as this one sees it; `undefined` when that client is not there. */
  markOf(other: ProviderClient | number): unknown {
    const id = typeof other === 'number' ? other : other.document.clientID;
    return this.provider.awareness!.getStates().get(id)?.mark;
  }

  knows(other: ProviderClient | number): boolean {
    return this.provider.awareness!.getStates().has(typeof other === 'number' ? other : other.document.clientID);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.provider.destroy();
    this.document.destroy();
  }
}
