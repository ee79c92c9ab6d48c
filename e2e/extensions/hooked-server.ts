import type { TestContext } from 'node:test';
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import type { Extension, Hocuspocus } from '@hocuspocus/server';
import * as Y from 'yjs';
import { type App, createApp } from '../../server/app.ts';
import { until } from '../wait.ts';

/** A server with extensions, on a database that a test has made. */
export class HookedServer {
  readonly app: App;

  private constructor(app: App) {
    this.app = app;
  }

  static async start(t: TestContext, databaseUrl: string, extensions: readonly Extension[]): Promise<HookedServer> {
    const app = await createApp({ databaseUrl, port: 0, secret: '', jwksUrl: '', logLevel: 'silent', extensions });
    t.after(() => app.close());
    return new HookedServer(app);
  }

  get instance(): Hocuspocus {
    return this.app.hocuspocus!;
  }

  get collab(): string {
    return `${this.app.url.replace('http', 'ws')}/collab`;
  }

  client(t: TestContext, name = 'plan', token = 'token'): Client {
    const client = new Client(this.collab, name, token);
    t.after(() => client.close());
    return client;
  }
}

/** A stock provider, and what it heard. */
export class Client {
  readonly document = new Y.Doc();
  readonly heard: string[] = [];
  readonly provider: HocuspocusProvider;
  readonly #socket: HocuspocusProviderWebsocket;

  constructor(url: string, name: string, token: string) {
    this.#socket = new HocuspocusProviderWebsocket({ url, delay: 20, minDelay: 20, maxDelay: 100 });
    this.provider = new HocuspocusProvider({
      ...{ websocketProvider: this.#socket, name, token, document: this.document },
      onStateless: ({ payload }) => this.heard.push(`stateless ${payload}`),
      onAuthenticationFailed: ({ reason }) => this.heard.push(`refused ${reason}`),
      onClose: ({ event }) => this.heard.push(`close ${event.code}`),
    });
    this.provider.attach();
  }

  get text(): Y.Text {
    return this.document.getText('text');
  }

  async synced(): Promise<void> {
    await until('it is synced', () => this.provider.isSynced);
  }

  async saved(): Promise<void> {
    await until('it is saved', () => this.provider.isSynced && !this.provider.hasUnsyncedChanges);
  }

  async hears(what: string): Promise<void> {
    await until(`it hears "${what}"`, () => this.heard.includes(what));
  }

  async reads(text: string): Promise<void> {
    await until(`it reads "${text}"`, () => this.text.toString() === text);
  }

  close(): void {
    this.provider.destroy();
    this.#socket.destroy();
    this.document.destroy();
  }
}
