import { HttpSocket } from '../web/transport/http-socket.ts';

/** A link over HTTP whose client can stop reading, and go without a word, as tests want it. */
export class HttpRaw extends HttpSocket {
  #gone = false;
  #gate: Promise<void> | null = null;
  #open: () => void = () => {};

  pause(): void {
    this.#gate ??= new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  resume(): void {
    this.#gate = null;
    this.#open();
  }

  /** Nothing of it is heard any more. */
  terminate(): void {
    this.#gone = true;
    this.resume();
    this.close();
  }

  protected override async request(url: string, init: RequestInit): Promise<Response> {
    if (this.#gone) throw new TypeError('the network is away');
    const response = await super.request(url, init);
    if (response.body === null) return response;
    const gated = new TransformStream<Uint8Array, Uint8Array>(
      {
        transform: async (chunk, controller) => {
          await this.#gate;
          controller.enqueue(chunk);
        },
      },
      { highWaterMark: 1 },
      { highWaterMark: 0 },
    );
    return new Response(response.body.pipeThrough(gated, { signal: init.signal! }), response);
  }
}

/** Whether links of tests go over HTTP: `INKWIRE_TEST_TRANSPORT=http`, or an address that begins so. */
export function goesOverHttp(collab: string): boolean {
  return process.env.INKWIRE_TEST_TRANSPORT === 'http' || collab.startsWith('http');
}
