import { once } from 'node:events';
import { WebSocket } from 'ws';
import { FrameType, SyncType } from '../../protocol/frames.ts';
import { askForAllFrame, authFrame, type FrameSequence } from './frames.ts';

interface Writing {
  readonly frames: FrameSequence;
  readonly window: number;
  readonly onAck: (milliseconds: number) => void;
  readonly sentAt: Float64Array;
  /** One past the last frame to send. */
  end: number;
  sent: number;
  acknowledged: number;
  readonly done: () => void;
}

/**
 * One socket in one document: a provider without a document of its own, so that the generator costs
 * little beside the server. A refusal or a close it did not ask for fails whatever is under way.
 */
export class Client {
  readonly #socket: WebSocket;
  readonly #name: string;
  readonly #typeAt: number;
  readonly #failed = Promise.withResolvers<never>();
  readonly #state = Promise.withResolvers<Uint8Array>();
  #writing: Writing | null = null;
  #closing = false;

  private constructor(socket: WebSocket, name: string) {
    this.#socket = socket;
    this.#name = name;
    const bytes = Buffer.byteLength(name);
    this.#typeAt = bytes + (bytes < 128 ? 1 : 2);
    this.#failed.promise.catch(() => {});
    socket.on('message', (data: Buffer) => this.#receive(data));
    socket.on('error', (error) => this.#failed.reject(error));
    socket.on('close', (code, reason) => {
      if (!this.#closing) this.#failed.reject(new Error(`The server closed "${name}": ${code} ${reason}`));
    });
  }

  /** Connects, and sends nothing yet. */
  static async connect(collab: string, name: string): Promise<Client> {
    const socket = new WebSocket(collab, { perMessageDeflate: false });
    const client = new Client(socket, name);
    await Promise.race([once(socket, 'open'), client.#failed.promise]);
    return client;
  }

  /** Connects and joins. */
  static async join(collab: string, name: string): Promise<Client> {
    const client = await Client.connect(collab, name);
    await client.load();
    return client;
  }

  /** Signs in and asks for everything; resolves with the whole document's state as it arrived. */
  async load(): Promise<Uint8Array> {
    this.#socket.send(authFrame(this.#name, ''));
    this.#socket.send(askForAllFrame(this.#name));
    return Promise.race([this.#state.promise, this.#failed.promise]);
  }

  /**
   * Sends frames, never more than `window` of them unacknowledged; resolves when all are acknowledged.
   * `onAck` is given each one's milliseconds from send to acknowledgement.
   */
  async write(frames: FrameSequence, window: number, onAck: (milliseconds: number) => void = () => {}): Promise<void> {
    if (frames.count === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const sentAt = new Float64Array(window);
    this.#writing = { frames, window, onAck, sentAt, end: frames.count, sent: 0, acknowledged: 0, done: resolve };
    this.#pump(this.#writing);
    await Promise.race([promise, this.#failed.promise]);
    this.#writing = null;
  }

  /** Sends no more; `write` resolves with the last acknowledgement. */
  stopWriting(): void {
    const writing = this.#writing;
    if (writing === null) return;
    writing.end = writing.sent;
    if (writing.acknowledged === writing.end) writing.done();
  }

  async close(): Promise<void> {
    this.#closing = true;
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }

  #pump(writing: Writing): void {
    while (writing.sent < writing.end && writing.sent - writing.acknowledged < writing.window) {
      writing.sentAt[writing.sent % writing.window] = performance.now();
      this.#socket.send(writing.frames.at(writing.sent++));
    }
  }

  #receive(data: Buffer): void {
    const type = data[this.#typeAt];
    const kind = data[this.#typeAt + 1];
    if (type === FrameType.SyncStatus) this.#acknowledge(kind === 1);
    else if (type === FrameType.Sync && kind === SyncType.Step2) this.#state.resolve(payloadAt(data, this.#typeAt + 2));
    else if (type === FrameType.Auth && kind === 1) this.#failed.reject(new Error(`The server refused "${this.#name}".`));
  }

  #acknowledge(positive: boolean): void {
    const writing = this.#writing;
    if (!positive) this.#failed.reject(new Error(`The server refused an edit of "${this.#name}".`));
    if (writing === null || !positive) return;
    writing.onAck(performance.now() - writing.sentAt[writing.acknowledged % writing.window]!);
    writing.acknowledged++;
    if (writing.acknowledged === writing.end) writing.done();
    else this.#pump(writing);
  }
}

/** The bytes behind a varUint length. */
function payloadAt(data: Buffer, at: number): Uint8Array {
  let start = at;
  while ((data[start]! & 0x80) !== 0) start++;
  return data.subarray(start + 1);
}
