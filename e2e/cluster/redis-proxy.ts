import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy in front of a real Redis that loses published messages, whole ones: what is on its way to a subscriber is dropped. */
export class RedisProxy {
  readonly #target: number;
  readonly #random: () => number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** The part of all messages that is lost, 0 to 1. */
  loss = 0;
  lost = 0;

  private constructor(target: number, random: () => number) {
    this.#target = target;
    this.#random = random;
    this.#server = createServer((client) => this.#accept(client));
  }

  static async start(target: number, random: () => number): Promise<RedisProxy> {
    const proxy = new RedisProxy(target, random);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.#server.address() as { port: number }).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(client: Socket): void {
    const upstream = connect(this.#target, '127.0.0.1');
    let rest = Buffer.alloc(0);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.#sockets.add(one);
      one.on('error', () => {});
      one.once('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
    client.on('data', (chunk) => upstream.write(chunk));
    upstream.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      for (let end = replyEnd(rest, 0); end > 0; end = replyEnd(rest, 0)) {
        const reply = rest.subarray(0, end);
        rest = rest.subarray(end);
        if (isMessage(reply) && this.#random() < this.loss) this.lost++;
        else client.write(Buffer.from(reply));
      }
    });
  }
}

/** Where a reply (RESP3) that begins at `at` ends; -1 when not all of it is there. */
function replyEnd(bytes: Buffer, at: number): number {
  const line = bytes.indexOf('\r\n', at);
  if (line < 0) return -1;
  const kind = String.fromCharCode(bytes[at]!);
  const size = Number(bytes.toString('latin1', at + 1, line));
  let end = line + 2;
  if ('$=!'.includes(kind)) {
    if (size >= 0) end += size + 2;
    return end <= bytes.length ? end : -1;
  }
  const count = '*>~'.includes(kind) ? size : kind === '%' ? size * 2 : 0;
  for (let left = count; left > 0; left--) {
    end = replyEnd(bytes, end);
    if (end < 0) return -1;
  }
  return end;
}

function isMessage(reply: Buffer): boolean {
  return (reply[0] === 0x3e || reply[0] === 0x2a) && reply.toString('latin1', 0, 40).includes('\r\nmessage\r\n');
}
