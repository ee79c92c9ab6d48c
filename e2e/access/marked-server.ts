import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { newSecret, signed } from '../../server/access/testing.ts';
import { ServerProcess } from '../server-process.ts';
import { until } from '../wait.ts';
import { WriterClient } from '../writer-client.ts';

/** The document whose name strangers know. */
export const PLAN = 'plan';

/** One that they may do everything with. */
export const OTHER = 'other';

/** What strangers are not to learn, each with the word in it that is searched for. */
const KINDS = ['text', 'title', 'name', 'author', 'person', 'caret', 'sharer'] as const;
export type Kind = (typeof KINDS)[number];

/** Who is to learn nothing of them. */
export const STRANGERS = [
  'no token',
  'a wrong token',
  'an expired token',
  'a revoked token',
  'a role on other documents',
  'a token without a role',
] as const;

/**
 * A real server with documents that are marked all over: the text, title, author, people and share
 * link of one whose name is known, and the name of another. Somebody writes in the first all the while.
 */
export class MarkedServer {
  readonly server: ServerProcess;
  readonly ada: WriterClient;
  readonly #word: string;
  readonly #secret: string;

  private constructor(server: ServerProcess, ada: WriterClient, word: string, secret: string) {
    this.server = server;
    this.ada = ada;
    this.#word = word;
    this.#secret = secret;
  }

  static async start(env: Record<string, string> = {}): Promise<MarkedServer> {
    const secret = newSecret();
    const word = `marked${randomBytes(6).toString('hex')}`;
    const mark = (kind: Kind) => `${word}-${kind}`;
    // Strangers try more here than the limits allow them.
    const limits = { INKWIRE_MAX_BAD_TOKENS_PER_MINUTE: '1000000', INKWIRE_MAX_REQUESTS_PER_MINUTE: '1000000' };
    const server = await ServerProcess.start({ INKWIRE_SECRET: secret, ...limits, ...env });
    const token = await makeToken(secret, mark('author'), { '*': 'admin' }, mark('person'));
    const ada = new WriterClient(server.collab, PLAN, undefined, token);
    const marked = new MarkedServer(server, ada, word, secret);
    const sharer = await makeToken(secret, mark('sharer'), { '*': 'admin' });
    await marked.create(PLAN, mark('title'), mark('text'));
    await marked.create(`secret/${mark('name')}`, '', '');
    await marked.create(OTHER, '', '', await marked.token('root', { '*': 'admin' }));
    const share = { method: 'POST', headers: bearer(sharer, 'application/json'), body: JSON.stringify({ role: 'view' }) };
    assert.equal((await fetch(`${server.url}/api/documents/${PLAN}/share-links`, share)).status, 201);
    await ada.synced();
    await marked.write();
    return marked;
  }

  /** A token of somebody who has nothing to do with the marks. */
  token(sub: string, access: Record<string, string>, more = {}): Promise<string> {
    return makeToken(this.#secret, sub, access, sub, more);
  }

  admin(): Promise<string> {
    return makeToken(this.#secret, `${this.#word}-author`, { '*': 'admin' });
  }

  /** Tokens that let nobody into the marked documents, by what they are. */
  async strangers(): Promise<Record<(typeof STRANGERS)[number], string>> {
    const revoked = await this.token('revoked', { '*': 'admin' });
    await this.revoke('revoked');
    return {
      'no token': '',
      'a wrong token': await makeToken(newSecret(), 'eve', { '*': 'admin' }),
      'an expired token': await this.token('eve', { '*': 'admin' }, { iat: 1_000, exp: 2_000 }),
      'a revoked token': revoked,
      'a role on other documents': await this.token('eve', { [OTHER]: 'admin', 'plan/*': 'admin', plans: 'admin' }),
      'a token without a role': await this.token('eve', {}),
    };
  }

  async revoke(sub: string): Promise<void> {
    const headers = bearer(await this.admin(), 'application/json');
    const response = await fetch(`${this.server.url}/api/revocations`, { method: 'POST', headers, body: JSON.stringify({ sub }) });
    assert.equal(response.status, 204);
  }

  async create(name: string, title: string, markdown: string, token?: string): Promise<void> {
    const headers = bearer(token ?? (await this.admin()), 'application/json');
    const body = JSON.stringify({ name, title, markdown });
    const response = await fetch(`${this.server.url}/api/documents`, { method: 'POST', headers, body });
    assert.equal(response.status, 201, await response.text());
  }

  /** Writes on and moves the caret; resolves when it is acknowledged, so that whoever is to be told was told. */
  async write(): Promise<void> {
    const { ada } = this;
    ada.text.insert(0, `${this.#word}-text `);
    ada.provider.setAwarenessField('caret', `${this.#word}-caret ${ada.text.length}`);
    await ada.allSaved();
    const headers = bearer(await this.admin());
    await until('the caret is there as well', async () => {
      const response = await fetch(`${this.server.url}/api/documents/${PLAN}`, { headers });
      return ((await response.json()) as { present: unknown[] }).present.length > 0;
    });
  }

  /** The kinds of marks in what was received. */
  marksIn(received: readonly Uint8Array[]): Kind[] {
    const bytes = Buffer.concat(received);
    if (!bytes.includes(this.#word)) return [];
    const found = KINDS.filter((kind) => bytes.includes(`${this.#word}-${kind}`));
    assert.notEqual(found.length, 0, 'part of a mark is a mark');
    return found;
  }

  async stop(): Promise<void> {
    this.ada.close();
    await this.server.dispose();
  }
}

export function bearer(token: string, contentType?: string): Record<string, string> {
  return {
    ...(token === '' ? {} : { Authorization: `Bearer ${token}` }),
    ...(contentType === undefined ? {} : { 'Content-Type': contentType }),
  };
}

function makeToken(secret: string, sub: string, access: Record<string, string>, name = sub, more = {}): Promise<string> {
  const now = Date.now() / 1000;
  return signed({ sub, name, access, iat: now, exp: now + 600, ...more }, secret);
}
