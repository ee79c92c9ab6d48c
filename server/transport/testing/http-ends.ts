import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HttpRaw } from '../../../e2e/http-raw.ts';
import { type HttpLinkParts, HttpLinks } from '../http-links.ts';
import type { LinkClient } from './link-contract.ts';

/** The browser's end of a link over HTTP, as the suite of links wants it. */
export class HttpClient implements LinkClient {
  readonly received: Uint8Array[] = [];
  closed: number | null = null;
  readonly sendNonsense = null;
  readonly #socket: HttpRaw;

  constructor(socket: HttpRaw) {
    this.#socket = socket;
    socket.addEventListener('message', (event) => this.received.push(new Uint8Array((event as MessageEvent).data)));
    socket.addEventListener('close', (event) => {
      this.closed = (event as CloseEvent).code;
    });
  }

  send(frame: Uint8Array): void {
    this.#socket.send(frame);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#socket.close();
  }

  vanish(): void {
    this.#socket.terminate();
  }
}

/** Links over HTTP on a free port. */
export async function serve(parts: Partial<HttpLinkParts> & Pick<HttpLinkParts, 'open'>) {
  const links = new HttpLinks({ maxFrameBytes: 4 * 1024 * 1024, admit: () => null, graceMs: 300, ...parts });
  const server = createServer(links.answering((_, response) => response.writeHead(404).end()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    links,
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/collab?document=plan`,
    async stop() {
      links.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
