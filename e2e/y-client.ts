import * as decoding from 'lib0/decoding';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { until } from './wait.ts';

/** The kind of message by which a client that asked for it hears that an edit is committed, or was refused. */
const SYNC_STATUS = 8;

/** A person with the stock provider of y-websocket. */
export class YClient {
  readonly document: Y.Doc;
  readonly provider: WebsocketProvider;
  /** Edits that were acknowledged and refused, of a client that asks for it. */
  readonly told = { committed: 0, refused: 0 };
  /** The code with which the provider gave up; `null` while it has not. */
  gaveUp: number | null = null;

  /** `collab` is where Hocuspocus' provider would connect; `params` stand in the address. */
  constructor(collab: string, name: string, params: Record<string, string> = {}, document = new Y.Doc()) {
    this.document = document;
    this.provider = new WebsocketProvider(collab.replace(/\/collab$/, '/y'), name, document, {
      params,
      disableBc: true,
      maxBackoffTime: 300,
    });
    this.provider.on('closed', ({ code }) => {
      this.gaveUp = code;
    });
    this.provider.messageHandlers[SYNC_STATUS] = (_encoder, decoder) => {
      if (decoding.readVarUint(decoder) === 1) this.told.committed += 1;
      else this.told.refused += 1;
    };
  }

  get text(): Y.Text {
    return this.document.getText('codemirror');
  }

  async synced(): Promise<void> {
    await until(`${this.provider.roomname} is synced`, () => this.provider.synced);
  }

  close(): void {
    this.provider.destroy();
    this.document.destroy();
  }
}
