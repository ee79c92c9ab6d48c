/** Types of the messages that make a Postgres backend do something ("Frontend/Backend Protocol", Message Formats). */
export const EXECUTE = 'E';
export const QUERY = 'Q';

export interface Message {
  /** One letter; '' for the first message of a connection, which has none. */
  readonly type: string;
  readonly bytes: Buffer;
}

/** Cuts what a driver sends on one connection into messages. */
export class MessageSplitter {
  #rest: Buffer = Buffer.alloc(0);
  #started = false;

  /** The messages that are complete with these bytes. */
  push(chunk: Buffer): Message[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const messages: Message[] = [];
    for (;;) {
      const typeBytes = this.#started ? 1 : 0;
      if (this.#rest.length < typeBytes + 4) return messages;
      const length = typeBytes + this.#rest.readUInt32BE(typeBytes);
      if (this.#rest.length < length) return messages;
      messages.push({ type: this.#rest.toString('latin1', 0, typeBytes), bytes: this.#rest.subarray(0, length) });
      this.#rest = this.#rest.subarray(length);
      this.#started = true;
    }
  }
}

/** Runs a prepared statement that does not exist: Postgres answers with an error, and the connection lives on. */
export function executeOfNothing(): Buffer {
  const portal = 'no such portal\0';
  const bytes = Buffer.alloc(1 + 4 + portal.length + 4);
  bytes.write(EXECUTE, 0, 'latin1');
  bytes.writeUInt32BE(bytes.length - 1, 1);
  bytes.write(portal, 5, 'latin1');
  return bytes;
}
