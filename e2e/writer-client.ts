import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import * as Y from 'yjs';
import { until } from './wait.ts';

/** A person with a stock provider, on a socket of their own. */
export class WriterClient {
  readonly document: Y.Doc;
  readonly provider: HocuspocusProvider;
  readonly socket: HocuspocusProviderWebsocket;
  #closed = false;

  constructor(collab: string, name: string, document = new Y.Doc()) {
    this.document = document;
    this.socket = new HocuspocusProviderWebsocket({ url: collab, delay: 50, minDelay: 50, maxDelay: 500, factor: 1.5 });
    this.provider = new HocuspocusProvider({ websocketProvider: this.socket, name, document });
    this.provider.attach();
  }

  /** The text of the first paragraph, where tests and replays write. */
  get text(): Y.XmlText {
    return paragraphText(this.document);
  }

  /** Everything it typed is acknowledged. */
  get saved(): boolean {
    return this.provider.isSynced && !this.provider.hasUnsyncedChanges;
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
