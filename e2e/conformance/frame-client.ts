import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { Awareness, applyAwarenessUpdate } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { FrameType, SyncType } from '../../protocol/frames.ts';
import { frame, RawSocket, syncFrame } from '../raw-socket.ts';
import { type ReceivedFrame, readReceived } from './received-frame.ts';
import type { Soon } from './soon.ts';

/** A client that sends what it is told, frame by frame, in one document. */
export class FrameClient {
  readonly address: string;
  readonly socket: RawSocket;

  readonly #soon: Soon;

  private constructor(socket: RawSocket, address: string, soon: Soon) {
    this.socket = socket;
    this.address = address;
    this.#soon = soon;
  }

  /** Connects without a word. */
  static async connect(url: string, address: string, soon: Soon): Promise<FrameClient> {
    return new FrameClient(await RawSocket.open(url), address, soon);
  }

  /** Connects and waits until the server has let it in. */
  static async enter(url: string, address: string, token: string, soon: Soon): Promise<FrameClient> {
    const client = await FrameClient.connect(url, address, soon);
    client.signIn(token);
    await client.admitted();
    return client;
  }

  signIn(token: string): void {
    this.socket.send(
      frame(this.address, FrameType.Auth, (encoder) => {
        encoding.writeVarUint(encoder, 0);
        encoding.writeVarString(encoder, token);
      }),
    );
  }

  async admitted(): Promise<void> {
    await this.#soon('the server lets the client in', () => this.received(FrameType.Auth).some(({ body }) => body[0] === 2));
  }

  sync(kind: number, payload: Uint8Array): void {
    this.socket.send(syncFrame(this.address, kind, payload));
  }

  update(...updates: readonly Uint8Array[]): void {
    for (const update of updates) this.sync(SyncType.Update, update);
  }

  awareness(update: Uint8Array): void {
    this.send(FrameType.Awareness, (encoder) => encoding.writeVarUint8Array(encoder, update));
  }

  send(type: number, write?: (encoder: encoding.Encoder) => void): void {
    this.socket.send(frame(this.address, type, write));
  }

  /** What came in, in order; of one type, if one is named. */
  received(type?: number): ReceivedFrame[] {
    const frames = this.socket.received.map(readReceived);
    return type === undefined ? frames : frames.filter((received) => received.type === type);
  }

  /** The SyncStatus values that came in: 1 for an edit that was taken, 0 for one that was not. */
  get statuses(): number[] {
    return this.received(FrameType.SyncStatus).map(({ body }) => body[0]!);
  }

  /** Kinds of the Sync messages that came in, in order. */
  get syncKinds(): number[] {
    return this.received(FrameType.Sync).map(({ body }) => body[0]!);
  }

  /** The text of the document that everything received makes. */
  get text(): string {
    const document = new Y.Doc();
    for (const { body } of this.received(FrameType.Sync)) {
      if (body[0] !== SyncType.Step1) Y.applyUpdate(document, decoding.readVarUint8Array(decoding.createDecoder(body.subarray(1))));
    }
    const text = document.getText('text').toString();
    document.destroy();
    return text;
  }

  /** Everyone's presence as everything received makes it. */
  get presence(): Map<number, Record<string, unknown>> {
    const document = new Y.Doc();
    const awareness = new Awareness(document);
    awareness.setLocalState(null);
    for (const { body } of this.received(FrameType.Awareness)) {
      applyAwarenessUpdate(awareness, decoding.readVarUint8Array(decoding.createDecoder(body)), null);
    }
    const states = new Map(awareness.getStates());
    document.destroy();
    return states;
  }

  async reads(text: string): Promise<void> {
    await this.#soon(`a client reads "${text.slice(0, 80)}"`, () => this.text === text);
  }

  async acknowledged(count: number): Promise<void> {
    await this.#soon(`${count} edits are acknowledged`, () => this.statuses.length >= count);
  }

  /** Resolves when the server has dealt with everything sent so far: it answers Step1 in the order things came in. */
  async roundTrip(): Promise<void> {
    const answers = () => this.syncKinds.filter((kind) => kind === SyncType.Step2).length;
    const before = answers();
    this.sync(SyncType.Step1, NOTHING_KNOWN);
    await this.#soon('the server answers a Step1', () => answers() > before);
  }

  close(): void {
    this.socket.close();
  }
}

/** The state vector of an empty document. */
export const NOTHING_KNOWN: Uint8Array = Uint8Array.of(0);

/** Updates that write these words one after the other, each dependent on the one before. */
export function typed(...words: readonly string[]): Uint8Array[] {
  const document = new Y.Doc();
  const updates: Uint8Array[] = [];
  document.on('update', (update) => updates.push(update));
  for (const word of words) document.getText('text').insert(document.getText('text').length, word);
  document.destroy();
  return updates;
}

/** An awareness update of one client, as y-protocols writes it; `null` says that it left. */
export function presenceOf(clientId: number, clock: number, state: Record<string, unknown> | null): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarUint(encoder, clientId);
    encoding.writeVarUint(encoder, clock);
    encoding.writeVarString(encoder, JSON.stringify(state));
  });
}
