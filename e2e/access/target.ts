import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair } from 'jose';
import type { AccessPatterns } from '../../protocol/identity.ts';
import { newSecret, signed } from '../../server/access/testing.ts';
import { ServerProcess } from '../server-process.ts';
import { until } from '../wait.ts';
import { WriterClient } from '../writer-client.ts';

/** The document that honest people write in and attackers are after. */
export const PLAN = 'plan';

export const AUDIENCE = 'the-server-under-attack';
export const ISSUER = 'the-application';

/** Sooner than usual, so that nobody waits for it; other limits are what they are by default. */
const SOON = {
  INKWIRE_AUTHENTICATION_TIMEOUT_MS: '2000',
  INKWIRE_HEADERS_TIMEOUT_MS: '1000',
  INKWIRE_TOKEN_GRACE_MS: '1000',
  INKWIRE_MAX_REQUESTS_PER_MINUTE: '600',
};

/** What an attacker knows and a little more: plain data, for attackers in a thread of their own. */
export interface Ground {
  /** `http://127.0.0.1:port`. */
  readonly url: string;
  readonly collab: string;
  /** With which the scene makes good tokens; no attack uses it otherwise. */
  readonly secret: string;
  /** The public key, PEM, of who else may sign tokens. */
  readonly publicKey: string;
  /** A key set of the attacker's own. */
  readonly evilKeys: string;
  /** Under which Ada writes and is present. */
  readonly adasClientId: number;
}

export function makeToken({ secret }: Pick<Ground, 'secret'>, sub: string, access: AccessPatterns, more = {}): Promise<string> {
  const now = Date.now() / 1000;
  return signed({ sub, name: sub, access, iat: now, exp: now + 600, aud: AUDIENCE, iss: ISSUER, ...more }, secret);
}

/** A real server that asks for tokens, and two people with stock providers who write in a document of it all the while. */
export class Target {
  readonly server: ServerProcess;
  readonly ground: Ground;
  readonly ada: WriterClient;
  readonly bob: WriterClient;
  /** Close codes of the honest people's sockets. */
  readonly honestCloses: number[] = [];
  readonly #keys: Keys;
  readonly #words = new Map([
    ['a', 0],
    ['b', 0],
  ]);

  private constructor(server: ServerProcess, keys: Keys, ground: Ground, people: readonly [WriterClient, WriterClient]) {
    this.server = server;
    this.#keys = keys;
    this.ground = ground;
    [this.ada, this.bob] = people;
    for (const { socket } of people) {
      socket.on('close', ({ event }: { event: { code: number } }) => this.honestCloses.push(event.code));
    }
  }

  static async start(): Promise<Target> {
    const keys = await Keys.serve();
    const secret = newSecret();
    const server = await ServerProcess.start({
      INKWIRE_SECRET: secret,
      INKWIRE_JWKS_URL: `${keys.url}/keys.json`,
      INKWIRE_AUDIENCE: AUDIENCE,
      INKWIRE_ISSUER: ISSUER,
      INKWIRE_TRUSTED_PROXIES: '127.0.0.1',
      ...SOON,
    });
    const person = async (sub: string) => {
      const client = new WriterClient(server.collab, PLAN, undefined, await makeToken({ secret }, sub, { [PLAN]: 'edit' }));
      await client.synced();
      return client;
    };
    const ada = await person('Ada');
    // The first paragraph, before anybody writes in it.
    ada.text.insert(0, '.');
    await ada.allSaved();
    const bob = await person('Bob');
    const ground = {
      ...{ url: server.url, collab: server.collab, secret, publicKey: keys.publicKey, evilKeys: `${keys.url}/evil.json` },
      adasClientId: ada.document.clientID,
    };
    return new Target(server, keys, ground, [ada, bob]);
  }

  /** How often the server has fetched keys from where only an attacker says that they are. */
  get evilFetches(): number {
    return this.#keys.evilFetches;
  }

  /** What Bob sees of whoever is present as Ada. */
  get adaAsSeen(): unknown {
    return this.bob.provider.awareness?.getStates().get(this.ground.adasClientId);
  }

  /** Where Ada has told that her caret is. */
  get adasCursor(): unknown {
    return this.ada.provider.awareness?.getLocalState()?.cursor;
  }

  /** How many words Ada and Bob have written. */
  get wordsWritten(): number[] {
    return [...this.#words.values()];
  }

  /** Ada and Bob write, word after word as each is acknowledged, as long as `attack` goes on and then a word more. */
  async whileTheyWrite<T>(attack: () => Promise<T>): Promise<T> {
    let over = false;
    const write = async (person: WriterClient, mark: string) => {
      for (let last = false; !last; ) {
        last = over;
        person.text.insert(0, mark);
        this.#words.set(mark, (this.#words.get(mark) ?? 0) + 1);
        person.provider.setAwarenessField('cursor', person.text.length);
        await person.allSaved();
      }
    };
    const [result] = await Promise.all([
      attack().finally(() => {
        over = true;
      }),
      write(this.ada, 'a'),
      write(this.bob, 'b'),
    ]);
    await until('both see the same', () => this.ada.text.toString() === this.bob.text.toString());
    await until('Bob sees where Ada is', () => (this.adaAsSeen as { cursor?: unknown } | undefined)?.cursor === this.adasCursor);
    return result;
  }

  async stop(): Promise<void> {
    this.ada.close();
    this.bob.close();
    await this.server.dispose();
    await this.#keys.close();
  }
}

/** Serves the public key of who else may sign, and a key set of an attacker's. */
class Keys {
  readonly publicKey: string;
  readonly #server: Server;
  evilFetches = 0;

  private constructor(publicKey: string, keySet: string) {
    this.publicKey = publicKey;
    this.#server = createServer((request, response) => {
      if (request.url !== '/keys.json') this.evilFetches++;
      response.setHeader('Content-Type', 'application/json').end(keySet);
    });
  }

  static async serve(): Promise<Keys> {
    const { publicKey } = await generateKeyPair('RS256', { extractable: true });
    const keys = new Keys(await exportSPKI(publicKey), JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'one' }] }));
    keys.#server.listen(0, '127.0.0.1');
    await once(keys.#server, 'listening');
    return keys;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}
