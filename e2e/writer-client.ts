import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import * as Y from 'yjs';
import { AckLedger } from '../web/element/ack-ledger.ts';
import { until } from './wait.ts';

/** A person with a stock provider, on a socket of their own. */
export class WriterClient {
  /** What was acknowledged; the provider's own count says "all" too early after a reconnection. */
  readonly acks = new AckLedger();
  readonly document: Y.Doc;
  readonly provider: HocuspocusProvider;
  readonly socket: HocuspocusProviderWebsocket;
  #closed = false;

  /** `token` is empty on an open server; a function is asked for every connection, and whenever the server asks. */
  constructor(collab: string, name: string, document = new Y.Doc(), token: string | (() => Promise<string>) = '') {
    this.document = document;
    // Before the provider's own listener: the ledger must know of an edit before its frame is sent.
    document.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== this.provider) this.acks.edited(update);
    });
    this.socket = new HocuspocusProviderWebsocket({
      url: collab,
      WebSocketPolyfill: watchedSocket(this.acks),
      delay: 50,
      minDelay: 50,
      maxDelay: 500,
      factor: 1.5,
    });
    this.provider = new HocuspocusProvider({ websocketProvider: this.socket, name, document, token });
    this.provider.attach();
  }

  /** The text of the first paragraph, where tests and replays write. */
  get text(): Y.XmlText {
    return paragraphText(this.document);
  }

  /** Everything it typed is acknowledged. */
  get saved(): boolean {
    return this.provider.isSynced && this.acks.settled;
  }

  async synced(): Promise<void> {
    await until(`${this.provider.configuration.name} is synced`, () => this.provider.isSynced);
  }

  async allSaved(): Promise<void> {
    await until(`${this.provider.configuration.name} says Saved`, () => this.saved);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.provider.destroy();
    this.socket.destroy();
    this.document.destroy();
  }
}

/** A WebSocket whose frames the ledger sees. */
function watchedSocket(ledger: AckLedger): typeof WebSocket {
  return class extends WebSocket {
    constructor(url: string | URL) {
      super(url);
      ledger.reset();
      this.addEventListener('message', ({ data }) => ledger.received(new Uint8Array(data as ArrayBuffer)));
    }

    override send(data: Uint8Array<ArrayBuffer>): void {
      ledger.sent(data);
      super.send(data);
    }
  };
}

/** The text of the first paragraph of the fragment `default`; made when it is missing. */
export function paragraphText(document: Y.Doc): Y.XmlText {
  const fragment = document.getXmlFragment('default');
  if (fragment.length === 0) {
    document.transact(() => {
      const paragraph = new Y.XmlElement('paragraph');
      paragraph.insert(0, [new Y.XmlText()]);
      fragment.insert(0, [paragraph]);
    });
  }
  return (fragment.get(0) as Y.XmlElement).get(0) as Y.XmlText;
}
