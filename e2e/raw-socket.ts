import { writeAuthentication } from '@hocuspocus/common';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { WebSocket } from 'ws';
import { FrameType, readFrameHeader, SyncType } from '../protocol/frames.ts';
import { goesOverHttp, HttpRaw } from './http-raw.ts';
import { until } from './wait.ts';

/** A frame as a provider would build it. */
export function frame(address: string, type: number, write: (encoder: encoding.Encoder) => void = () => {}): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarString(encoder, address);
    encoding.writeVarUint(encoder, type);
    write(encoder);
  });
}

/** A Sync frame of the given kind. */
export function syncFrame(address: string, kind: number, payload: Uint8Array): Uint8Array {
  return frame(address, FrameType.Sync, (encoder) => {
    encoding.writeVarUint(encoder, kind);
    encoding.writeVarUint8Array(encoder, payload);
  });
}

/** A provider's first frame; the token is empty on an open server. */
export function signIn(address: string, token = ''): Uint8Array {
  return frame(address, FrameType.Auth, (encoder) => writeAuthentication(encoder, token));
}

/** A socket that sends whatever it is told, for input no provider would send. */
export class RawSocket {
  readonly #socket: WebSocket | HttpRaw;
  readonly received: Uint8Array[] = [];
  /** Close code and reason, once closed. */
  closed: { code: number; reason: string } | null = null;

  private constructor(socket: WebSocket | HttpRaw) {
    this.#socket = socket;
    if (socket instanceof HttpRaw) {
      socket.addEventListener('message', (event) => this.received.push(new Uint8Array((event as MessageEvent).data)));
      socket.addEventListener('close', (event) => {
        const { code, reason } = event as CloseEvent;
        this.closed = { code, reason };
      });
      return;
    }
    socket.on('message', (data: Buffer) => this.received.push(data));
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
    });
  }

  static async open(collab: string, headers: Record<string, string> = {}): Promise<RawSocket> {
    const socket = goesOverHttp(collab) ? new HttpRaw(collab) : new WebSocket(collab, { headers });
    const raw = new RawSocket(socket);
    await new Promise<unknown>((resolve, reject) => {
      if (socket instanceof WebSocket) socket.once('open', resolve).once('error', reject);
      else {
        socket.addEventListener('open', resolve);
        socket.addEventListener('error', () => reject(new Error(`${collab} was not opened`)));
      }
    });
    return raw;
  }

  /** Opens a socket and signs in to a document. */
  static async into(collab: string, name: string, token = ''): Promise<RawSocket> {
    const raw = await RawSocket.open(collab);
    raw.send(signIn(name, token));
    await until('the server has let the socket in', () => raw.count(FrameType.Auth) > 0);
    return raw;
  }

  send(data: Uint8Array | string): void {
    if (this.#socket instanceof HttpRaw) this.#socket.send(typeof data === 'string' ? Buffer.from(data) : data);
    else this.#socket.send(data);
  }

  /** How many frames of this type came in. */
  count(type: number): number {
    return this.received.filter((bytes) => readFrameHeader(bytes).type === type).length;
  }

  /** The updates among what came in, in order. */
  updates(): Uint8Array[] {
    return this.received.flatMap((bytes) => {
      const { type, bodyAt } = readFrameHeader(bytes);
      if (type !== FrameType.Sync) return [];
      const decoder = decoding.createDecoder(bytes);
      decoder.pos = bodyAt;
      return decoding.readVarUint(decoder) === SyncType.Step1 ? [] : [decoding.readVarUint8Array(decoder)];
    });
  }

  async closeCode(): Promise<number> {
    await until('the server has closed the socket', () => this.closed !== null);
    return this.closed!.code;
  }

  /** Stops reading, as a client does whose machine hangs. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#socket.terminate();
  }
}
