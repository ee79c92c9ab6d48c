import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type * as Y from 'yjs';
import { SECRET, tokenOf } from './browser/tokens.ts';
import { ServerProcess } from './server-process.ts';
import { WriterClient } from './writer-client.ts';

/** A server that asks for tokens, and people who write and ask there. */
export class HistoryScene {
  readonly server: ServerProcess;

  private constructor(server: ServerProcess) {
    this.server = server;
  }

  static async open(): Promise<HistoryScene> {
    return new HistoryScene(await ServerProcess.start({ INKWIRE_SECRET: SECRET }));
  }

  readonly tokenFor = (sub: string, role = 'admin') => tokenOf({ sub, name: sub, access: { '*': role } });

  /** Asks the API below `/api/documents`, as an admin. */
  readonly ask = async (path: string, { as = 'ada', ...init }: RequestInit & { as?: string } = {}): Promise<Response> =>
    fetch(`${this.server.url}/api/documents${path}`, {
      ...init,
      headers: { Authorization: `Bearer ${await this.tokenFor(as)}`, 'Content-Type': 'application/json', ...init.headers },
    });

  readonly create = async (name: string, markdown: string): Promise<void> => {
    const made = await this.ask('', { method: 'POST', body: JSON.stringify({ name, markdown }) });
    assert.equal(made.status, 201, await made.text());
  };

  /** Somebody with the document open. */
  readonly writer = async (t: TestContext, name: string, sub: string): Promise<WriterClient> => {
    const client = new WriterClient(this.server.collab, name, undefined, await this.tokenFor(sub));
    t.after(() => client.close());
    await client.synced();
    return client;
  };
}

/** The text of one of the outermost blocks. */
export function paragraph(document: Y.Doc, at = 0): Y.XmlText {
  return (document.getXmlFragment('default').get(at) as Y.XmlElement).get(0) as Y.XmlText;
}
