import * as encoding from 'lib0/encoding';
import { SyncType } from '../../protocol/frames.ts';
import { askForAllFrame, authFrame } from './frames.ts';

/** How a server is spoken to. The two protocols differ in the address before each message, the sign-in and the acknowledgements. */
export interface Dialect {
  readonly acknowledges: boolean;
  /** Where a document's socket is opened, from the server's own address. */
  url(server: string, documentName: string): string;
  /** What every message of the document begins with. */
  address(documentName: string): Uint8Array;
  /** What a client that has nothing sends first. */
  hello(documentName: string): Uint8Array[];
}

/** Hocuspocus' protocol, whose sockets are all opened at one path. */
export function hocuspocus(path: string): Dialect {
  return {
    acknowledges: true,
    url: (server) => server + path,
    address: (documentName) => encoding.encode((encoder) => encoding.writeVarString(encoder, documentName)),
    hello: (documentName) => [authFrame(documentName, ''), askForAllFrame(documentName)],
  };
}

/** y-websocket's protocol: the path names the document, once for all messages. */
export const yWebsocket: Dialect = {
  acknowledges: false,
  url: (server, documentName) => `${server}/${encodeURIComponent(documentName)}`,
  address: () => new Uint8Array(),
  hello: () => [new Uint8Array([0, SyncType.Step1, 1, 0])],
};
