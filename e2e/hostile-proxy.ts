import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** What a proxy does to those behind it. */
export interface Malice {
  /** Answers an upgrade with a refusal. */
  readonly refusesUpgrades?: boolean;
  /** Takes an upgrade, and hands on nothing. */
  readonly swallowsSockets?: boolean;
  /** Hands on an answer when it is whole. */
  readonly buffers?: boolean;
  /** Cuts every connection of a client when it has been open for so long, ms. */
  readonly cutsAfterMs?: number;
  /** Keeps back each request and each piece of an answer for so long, ms. */
  readonly delaysMs?: number;
  /** Hands on no header that is not needed. */
  readonly stripsHeaders?: boolean;
  /** Answers so many requests in a hundred, 0 to 1, by a page of its own. */
  readonly answersHtml?: number;
}

const NEEDED = new Set(['host', 'content-length', 'content-type', 'transfer-encoding', 'connection']);

/** A proxy such as hotels have. */
export class HostileProxy {
  readonly #server: Server;
  readonly #target: URL;
  readonly #sockets = new Set<Socket>();
  malice: Malice;
  /** Requests, and upgrades, so far. */
  requests = 0;
  /** When the first WebSocket was asked for, and the first link over HTTP, ms of `performance.now`. */
  firstUpgradeAt: number | null = null;
  firstLinkAt: number | null = null;
  upgrades = 0;

  private constructor(target: string, malice: Malice) {
    this.#target = new URL(target);
    this.malice = malice;
    this.#server = createServer((incoming, outgoing) => void this.#pass(incoming, outgoing).catch(() => outgoing.destroy()));
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      const { cutsAfterMs } = this.malice;
      if (cutsAfterMs !== undefined) setTimeout(() => socket.destroy(), cutsAfterMs).unref();
    });
    this.#server.on('upgrade', (incoming, socket, head) => this.#upgrade(incoming, socket as Socket, head));
  }

  static async start(target: string, malice: Malice): Promise<HostileProxy> {
    const proxy = new HostileProxy(target, malice);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get collab(): string {
    return `${this.url.replace('http', 'ws')}/collab`;
  }

  /** Cuts what is open. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    this.requests += 1;
    const { buffers, delaysMs = 0, stripsHeaders, answersHtml = 0 } = this.malice;
    const isLink = incoming.url?.startsWith('/collab') === true;
    if (isLink) this.firstLinkAt ??= performance.now();
    if (isLink && Math.random() < answersHtml) {
      incoming.resume();
      outgoing.writeHead(200, { 'Content-Type': 'text/html' }).end('<html><body>Please sign in to the hotel.</body></html>');
      return;
    }
    const headers = { ...incoming.headers };
    if (stripsHeaders) for (const name of Object.keys(headers)) if (!NEEDED.has(name)) delete headers[name];
    const { hostname, port } = this.#target;
    const asked = request({ host: hostname, port, method: incoming.method, path: incoming.url, headers });
    asked.on('error', () => outgoing.destroy());
    outgoing.on('close', () => asked.destroy());
    if (isLink) await pause(delaysMs);
    incoming.pipe(asked);
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    const answered = stripsHeaders
      ? Object.fromEntries(Object.entries(response.headers).filter(([name]) => NEEDED.has(name)))
      : response.headers;
    if (buffers && isLink) {
      const parts: Buffer[] = [];
      for await (const part of response) parts.push(part as Buffer);
      const { 'transfer-encoding': _, ...rest } = answered;
      outgoing.writeHead(response.statusCode ?? 502, rest).end(Buffer.concat(parts));
      return;
    }
    outgoing.writeHead(response.statusCode ?? 502, answered);
    outgoing.flushHeaders();
    for await (const part of response) {
      if (isLink) await pause(delaysMs);
      outgoing.write(part);
    }
    outgoing.end();
  }

  #upgrade(incoming: IncomingMessage, socket: Socket, head: Buffer): void {
    this.upgrades += 1;
    this.firstUpgradeAt ??= performance.now();
    socket.on('error', () => {});
    if (this.malice.refusesUpgrades) {
      socket.end(
        'HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nContent-Length: 22\r\nConnection: close\r\n\r\n<html>Forbidden</html>',
      );
      return;
    }
    const target = connect(Number(this.#target.port), this.#target.hostname);
    target.on('error', () => socket.destroy());
    socket.on('close', () => target.destroy());
    target.on('close', () => socket.destroy());
    const lines = Object.entries(incoming.headers).map(([name, value]) => `${name}: ${value}`);
    target.write(`GET ${incoming.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    target.write(head);
    if (this.malice.swallowsSockets) {
      // The answer to the upgrade passes, and nothing after it.
      target.once('data', (answer) => socket.write(answer));
      target.on('data', () => {});
      return;
    }
    socket.pipe(target).pipe(socket);
  }
}
