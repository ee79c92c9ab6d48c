import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import * as Y from 'yjs';
import { HttpSocket } from '../web/transport/http-socket.ts';
import { HostileProxy, type Malice } from './hostile-proxy.ts';
import { ServerProcess } from './server-process.ts';
import { until } from './wait.ts';
import { WriterClient } from './writer-client.ts';

/** A stock provider over HTTP. */
class HttpWriter {
  readonly document = new Y.Doc();
  readonly provider: HocuspocusProvider;
  readonly socket: HocuspocusProviderWebsocket;

  constructor(collab: string, name: string) {
    this.socket = new HocuspocusProviderWebsocket({ url: collab, WebSocketPolyfill: HttpSocket, delay: 50, minDelay: 50, maxDelay: 500 });
    this.provider = new HocuspocusProvider({ websocketProvider: this.socket, name, document: this.document, token: '' });
    this.provider.attach();
  }

  get words(): string[] {
    return this.document.getArray<string>('words').toArray();
  }

  write(word: string): void {
    this.document.getArray('words').push([word]);
  }

  get saved(): boolean {
    return this.provider.isSynced && !this.provider.hasUnsyncedChanges;
  }

  close(): void {
    this.provider.destroy();
    this.socket.destroy();
    this.document.destroy();
  }
}

describe('a stock provider over HTTP', () => {
  let server: ServerProcess;
  before(async () => {
    server = await ServerProcess.start({ INKWIRE_TRUSTED_PROXIES: '127.0.0.1' });
  });
  after(() => server.dispose());

  const writer = (t: TestContext, name: string, collab = server.collab) => {
    const client = new HttpWriter(collab, name);
    t.after(() => client.close());
    return client;
  };

  it('[N1] writes in the same document as one with a WebSocket, with presence and "Saved"', async (t) => {
    const ada = writer(t, 'plan');
    const bob = new WriterClient(server.collab, 'plan');
    t.after(() => bob.close());
    ada.write('ada');
    bob.document.getArray('words').push(['bob']);
    await until('both have both', () => ada.words.length === 2 && bob.document.getArray('words').length === 2);
    await until('all is saved', () => ada.saved && bob.saved);
    ada.provider.setAwarenessField('cursor', 1);
    const cursor = () => bob.provider.awareness?.getStates().get(ada.document.clientID)?.cursor;
    await until('bob sees ada', () => cursor() === 1);
    ada.close();
    await until('and that she has gone', () => cursor() === undefined);
  });

  it('[N1] loses nothing when the server is killed under it', async (t) => {
    const [ada, bob] = [writer(t, 'killed'), writer(t, 'killed')];
    ada.write('before');
    await until('it is there', () => bob.words.length === 1 && ada.saved);
    await server.kill9();
    ada.write('meanwhile');
    await server.start();
    await until('all is there', () => bob.words.join() === 'before,meanwhile' && ada.saved);
  });

  const PROXIES: readonly [what: string, malice: Malice][] = [
    ['refuses upgrades', { refusesUpgrades: true }],
    ['hands on answers when they are whole', { refusesUpgrades: true, buffers: true }],
    ['cuts every connection after a while', { refusesUpgrades: true, cutsAfterMs: 700 }],
    ['delays everything', { refusesUpgrades: true, delaysMs: 300 }],
    ['strips headers', { refusesUpgrades: true, stripsHeaders: true }],
    ['answers now and then with a page of its own', { refusesUpgrades: true, answersHtml: 0.3 }],
  ];
  for (const [what, malice] of PROXIES) {
    it(`[N1] [N2] two write through a proxy that ${what}, and no edit is lost, doubled or reordered`, async (t) => {
      const proxy = await HostileProxy.start(server.url, malice);
      t.after(() => proxy.close());
      const name = `through a proxy that ${what}`;
      const clients = [writer(t, name, proxy.collab), writer(t, name, proxy.collab)];
      await until('both are in', () => clients.every(({ provider }) => provider.isSynced));
      const count = 40;
      for (let at = 0; at < count; at++) {
        for (const [nth, client] of clients.entries()) client.write(`${nth}:${at}`);
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
      await until('both have all', () => clients.every(({ words }) => words.length === 2 * count));
      await until('all is saved', () => clients.every(({ saved }) => saved));
      const direct = new WriterClient(server.collab, name);
      t.after(() => direct.close());
      await direct.synced();
      const words = direct.document.getArray<string>('words').toArray();
      for (const client of clients) assert.deepEqual(client.words, words);
      for (const nth of [0, 1]) {
        const own = words.filter((word) => word.startsWith(`${nth}:`));
        assert.deepEqual(
          own,
          Array.from({ length: count }, (_, at) => `${nth}:${at}`),
        );
      }
    });
  }
});
