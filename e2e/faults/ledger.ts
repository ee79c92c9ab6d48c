import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import * as Y from 'yjs';
import { readContent } from '../../document/read.ts';
import { toText } from '../../document/text.ts';
import type { ServerProcess } from '../server-process.ts';
import { until } from '../wait.ts';
import { Typist, wordsIn } from './typist.ts';

/** Longest wait until everybody shows the same, ms: after a fault providers come back within half a second. */
const PATIENCE_MS = 60_000;

export interface Inspected {
  readonly server: ServerProcess;
  /** Those who must agree with the server; by default everyone who has not left. */
  readonly clients?: readonly Typist[];
  readonly patienceMs?: number;
  /**
   * Looks at words only. Among forged edits that Yjs takes some contradict each other, and stand in an
   * order of each reader's own; what honest people wrote does not.
   */
  readonly onlyWords?: boolean;
}

/** What is typed into the documents of a test, and which of it was acknowledged: the checker behind every fault. */
export class Ledger {
  readonly #t: TestContext;
  readonly #typists: Typist[] = [];
  #checks = 0;

  constructor(t: TestContext) {
    this.#t = t;
  }

  /** Opens a document for somebody who will type; they leave when the test ends. */
  async hire(server: ServerProcess, document: string, id: string): Promise<Typist> {
    const typist = new Typist(server.collab, document, id);
    this.#t.after(() => typist.leave());
    this.#typists.push(typist);
    await typist.ready();
    return typist;
  }

  get present(): Typist[] {
    return this.#typists.filter((typist) => typist.present);
  }

  /** Words acknowledged so far, over all. */
  get acknowledged(): number {
    return this.#typists.reduce((sum, typist) => sum + typist.acknowledged, 0);
  }

  /**
   * Rejects unless, once everybody has stopped and is saved, in every document all clients equal each
   * other, a client that comes fresh, the export, and the database – what the server tells after a
   * kill -9, when nobody is left who could send a lost edit again – and every acknowledged word is
   * there exactly once. Everyone has left afterwards.
   */
  async check({ server, clients = this.present, patienceMs = PATIENCE_MS, onlyWords = false }: Inspected): Promise<void> {
    for (const client of clients) client.stop();
    await Promise.all(clients.map(({ client }) => client.allSaved()));
    const live = new Map<string, Seen>();
    for (const document of this.#documents) {
      // One more word, acknowledged: whatever the server was told before it is committed, and reaches everyone.
      const inspector = await this.hire(server, document, `check${this.#checks++}`);
      inspector.type();
      await inspector.client.allSaved();
      const peers = clients.filter((client) => client.document === document);
      await converged(document, [...peers, inspector], onlyWords, patienceMs);
      live.set(document, await seenBy(inspector, server, onlyWords));
    }
    for (const typist of this.#typists) typist.leave();
    await server.restart();
    for (const [document, stored] of await this.#stored(server, onlyWords)) {
      assert.equal(stored.compared, live.get(document)?.compared, `the database holds what clients of "${document}" saw`);
    }
  }

  /** Of a server that has just started, when everyone has left: every acknowledged word is in the database exactly once. */
  async checkStored(server: ServerProcess): Promise<void> {
    await this.#stored(server, false);
  }

  async #stored(server: ServerProcess, onlyWords: boolean): Promise<Map<string, Seen>> {
    const found = new Map<string, Seen>();
    for (const document of this.#documents) {
      const reader = new Typist(server.collab, document, 'reader');
      this.#t.after(() => reader.leave());
      await reader.client.synced();
      const stored = await seenBy(reader, server, onlyWords);
      reader.leave();
      this.#findWords(document, stored.text);
      found.set(document, stored);
    }
    return found;
  }

  get #documents(): string[] {
    return [...new Set(this.#typists.map(({ document }) => document))];
  }

  #findWords(document: string, text: string): void {
    const counts = wordsIn(text);
    const words = this.#typists.filter((typist) => typist.document === document).flatMap((typist) => typist.acknowledgedWords);
    const lost = words.filter((word) => !counts.has(word));
    assert.deepEqual(lost.slice(0, 10), [], `${lost.length} of ${words.length} acknowledged words of "${document}" are lost`);
    const twice = [...counts].filter(([, count]) => count > 1).map(([word]) => word);
    assert.deepEqual(twice.slice(0, 10), [], `${twice.length} words of "${document}" are there more than once`);
  }
}

/** A document as somebody sees it. */
interface Seen {
  readonly text: string;
  /** What must be equal: the content and, as updates that show nothing count too, the state vector; or the words alone. */
  readonly compared: string;
}

function seen(document: Y.Doc, onlyWords: boolean): Seen {
  const text = toText(readContent(document));
  if (onlyWords) return { text, compared: allWords(text) };
  const vector = [...Y.decodeStateVector(Y.encodeStateVector(document))].sort(([a], [b]) => a - b);
  return { text, compared: `${document.getXmlFragment('default')} ${JSON.stringify(vector)}` };
}

function allWords(text: string): string {
  return [...wordsIn(text).keys()].sort().join('');
}

async function seenBy(typist: Typist, server: ServerProcess, onlyWords: boolean): Promise<Seen> {
  const result = seen(typist.client.document, onlyWords);
  const response = await fetch(`${server.url}/api/documents/${encodeURIComponent(typist.document)}/export?format=text`);
  // What was never committed does not exist.
  const text = response.status === 404 ? '' : await response.text();
  const [exported, shown] = onlyWords ? [allWords(text), result.compared] : [text, result.text];
  assert.equal(exported, shown, `the export of "${typist.document}" is what a client sees`);
  return result;
}

async function converged(document: string, typists: readonly Typist[], onlyWords: boolean, patienceMs: number): Promise<void> {
  let views: Seen[] = [];
  const agree = () => {
    views = typists.map(({ client }) => seen(client.document, onlyWords));
    return views.every(({ compared }) => compared === views[0]!.compared);
  };
  await until(`all clients of "${document}" show the same`, agree, patienceMs).catch((error: Error) => {
    const lengths = views.map(({ text }, at) => `${typists[at]!.id} ${text.length} characters`);
    throw new assert.AssertionError({ message: `${error.message} ${lengths.join(', ')}` });
  });
}
