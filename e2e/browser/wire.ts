import type { Page, WebSocketRoute } from 'playwright-core';
import { readFrameHeader } from '../../protocol/frames.ts';

/** Sits between one tab and the server: it can hold frames of one type back, and end connections with a code. */
export class Wire {
  readonly #held: (() => void)[] = [];
  #holding: number | null = null;
  #ending: number | null = null;
  #socket: WebSocketRoute | null = null;
  #opened = 0;

  /** To be called before the tab connects. */
  static async tap(page: Page): Promise<Wire> {
    const wire = new Wire();
    // On a busy machine the tab might take the other way, past this one.
    await page.route(/\/collab\/http/, (route) => route.abort());
    await page.routeWebSocket(/\/collab/, (socket) => {
      const server = socket.connectToServer();
      wire.#socket = socket;
      wire.#opened += 1;
      if (wire.#ending !== null) void socket.close({ code: wire.#ending });
      socket.onMessage((message) => server.send(message));
      server.onMessage((message) => {
        // An answer to a ping is about no document, and has no header.
        if (typeof message !== 'string' && message.length > 1 && readFrameHeader(message).type === wire.#holding)
          wire.#held.push(() => socket.send(message));
        else socket.send(message);
      });
    });
    return wire;
  }

  /** How many connections were made. */
  get opened(): number {
    return this.#opened;
  }

  /** How many frames are held back. */
  get held(): number {
    return this.#held.length;
  }

  /** Holds what the server sends of this frame type, from here on. */
  hold(type: number): void {
    this.#holding = type;
  }

  release(): void {
    this.#holding = null;
    for (const send of this.#held.splice(0)) send();
  }

  /** Ends this connection. */
  async close(code: number): Promise<void> {
    await this.#socket?.close({ code });
  }

  /** Ends this connection and those that follow. */
  async refuse(code: number): Promise<void> {
    this.#ending = code;
    await this.close(code);
  }
}
