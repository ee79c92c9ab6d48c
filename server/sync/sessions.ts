import type { LogWriter } from '../../persistence/log-writer.ts';
import { ERRORS, type ErrorCode } from '../../protocol/errors.ts';
import { AckGate, type WebSocketLike } from './ack-gate.ts';
import { closeWith, type Engine } from './engine.ts';
import { inspectFrame } from './inbound.ts';

/** One socket, as a transport drives it. */
export interface Session {
  /** A binary message came in. */
  receive(frame: Uint8Array): void;
  /** Something that is not a protocol frame came in, such as text. */
  refuse(code: ErrorCode): void;
  /** The peer answered a ping: it lives, even if it has nothing to say. */
  alive(): void;
  /** The socket is closed. */
  closed(code: number, reason: string): void;
}

/** Connects a transport's sockets to the engine. */
export class Sessions {
  readonly #engine: Engine;
  readonly #writer: LogWriter;
  readonly #gates = new Set<AckGate>();

  constructor(engine: Engine, writer: LogWriter) {
    this.#engine = engine;
    this.#writer = writer;
  }

  get size(): number {
    return this.#gates.size;
  }

  open(socket: WebSocketLike, request: Request): Session {
    const gate = new AckGate(socket, this.#afterCommit);
    this.#gates.add(gate);
    const client = this.#engine.handleConnection(gate as Parameters<Engine['handleConnection']>[0], request, {
      socket: gate,
      author: null,
    });
    return {
      receive: (frame) => {
        if (gate.readyState !== 1) return;
        const inbound = inspectFrame(frame);
        if ('refused' in inbound) {
          gate.close(ERRORS[inbound.refused].close ?? 1011, inbound.detail);
        } else if (inbound.edits && this.#isFull(inbound.documentName)) {
          // [D6] The provider keeps the edit and sends it again once it is back.
          closeWith(gate, 'overloaded');
        } else {
          client.handleMessage(frame);
        }
      },
      refuse: (code) => closeWith(gate, code),
      alive: () => {
        client.lastMessageReceivedAt = Date.now();
      },
      closed: (code, reason) => {
        this.#gates.delete(gate);
        client.handleClose({ code, reason });
      },
    };
  }

  /** Closes every socket, whether or not it is in a document. */
  closeAll(code: ErrorCode): void {
    for (const gate of this.#gates) closeWith(gate, code);
  }

  readonly #afterCommit = (documentName: string, callback: () => void): void => {
    const live = this.#engine.live(documentName);
    // Not in memory means unloaded, and a document is unloaded only when all of it is committed.
    if (live === undefined) callback();
    else if (!live.gone) this.#writer.afterCommit(live.handle, callback);
  };

  #isFull(documentName: string): boolean {
    const live = this.#engine.live(documentName);
    return live !== undefined && this.#writer.isFull(live.handle);
  }
}
