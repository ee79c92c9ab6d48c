import * as decoding from 'lib0/decoding';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

/** Where Inkwire is; `?server=`, `?token=` and `?name=` of the page's address say otherwise. */
const SERVER = import.meta.env.VITE_INKWIRE_SERVER ?? 'http://127.0.0.1:8787';

const NAMES = ['Ada', 'Grace', 'Alan', 'Edsger'];
const COLORS = ['#c2410c', '#15803d', '#1d4ed8', '#a21caf'];

/** One shared document with Inkwire behind it, and "Saved" on the page. */
export function connect(name: string) {
  const asked = new URLSearchParams(location.search);
  const token = asked.get('token');
  const document = new Y.Doc();
  const server = `${(asked.get('server') ?? SERVER).replace(/^http/, 'ws')}/y`;
  const params: Record<string, string> = { acks: '1', ...(token === null ? {} : { token }) };
  const provider = new WebsocketProvider(server, asked.get('name') ?? name, document, { params, disableBc: true });
  const who = Math.floor(Math.random() * NAMES.length);
  provider.awareness.setLocalStateField('user', { name: NAMES[who], color: COLORS[who] });
  showSaved(document, provider);
  return { document, provider, awareness: provider.awareness };
}

/** The server answers each edit with a message of type 8: 1 when it is committed, 0 when it was refused. */
function showSaved(document: Y.Doc, provider: WebsocketProvider): void {
  const output = globalThis.document.querySelector('#status')!;
  let waiting = 0;
  let refused = false;
  const show = () => {
    const saved = waiting <= 0 ? 'Saved' : 'Saving…';
    output.textContent = refused ? 'You may only read' : provider.synced ? saved : 'Connecting…';
  };
  document.on('update', (_update, origin) => {
    if (origin !== provider) waiting += 1;
    show();
  });
  provider.messageHandlers[8] = (_encoder, decoder) => {
    refused ||= decoding.readVarUint(decoder) === 0;
    waiting = Math.max(0, waiting - 1);
    show();
  };
  // What was not acknowledged is in the provider's answer when it joins again.
  provider.on('status', () => {
    waiting = 1;
    show();
  });
  provider.on('sync', show);
}
