import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Connection, Document, Hocuspocus } from '@hocuspocus/server';
import type * as Y from 'yjs';
import { signIn } from '../../e2e/raw-socket.ts';
import { Room } from './document/room.ts';
import { hasQueuedMessages, keepAnyName, OpenDocument, type RequestLike } from './upstream.ts';

/** Counts what upstream's constructor routes to a subclass. */
class Observed extends OpenDocument {
  readonly calls: string[] = [];

  override handleUpdate(): void {
    this.calls.push('update');
  }

  override handleAwarenessUpdate(): void {
    this.calls.push('awareness');
  }

  override flush(): void {
    this.calls.push('flush');
  }
}

const silent = { readyState: 1, send: () => {}, close: () => {} };

describe('what is used of Hocuspocus without being public', () => {
  it('a document hands its updates and its presence to the methods a subclass replaces', () => {
    const document = new Observed('plan', { gc: true }, { flushDelay: false });
    (document as unknown as Y.Doc).getText('default').insert(0, 'a');
    document.awareness.setLocalState({ user: {} });
    assert.deepEqual(document.calls, ['update', 'awareness']);
    document.destroy();
    assert.ok(document.calls.includes('flush'), 'destroying sends what is buffered');
  });

  it('a connection tells the document when it comes and goes, and queues messages under the name we look at', async () => {
    const document = new Document('plan', {}, { flushDelay: false });
    const entered: unknown[] = [];
    const add = document.addConnection.bind(document);
    document.addConnection = (connection) => {
      entered.push(connection.messageAddress);
      return add(connection);
    };
    const connection = new Connection(silent, { url: '/' } as RequestLike, document, 'socket', {}, false);
    assert.deepEqual(entered, ['plan']);
    assert.equal(hasQueuedMessages(connection), false);
    connection.handleMessage(new Uint8Array([4, 112, 108, 97, 110, 3]));
    assert.equal(hasQueuedMessages(connection), true, 'it is handled in a later microtask');
    await connection.waitForPendingMessages();
    assert.equal(hasQueuedMessages(connection), false);
    connection.close();
    assert.equal(document.getConnectionsCount(), 0);
    document.destroy();
  });

  it('a connection keeps documents by name, whatever the name', () => {
    const hocuspocus = new Hocuspocus({ quiet: true });
    const client = hocuspocus.handleConnection(silent, { url: '/', headers: new Headers() } as RequestLike);
    keepAnyName(client);
    for (const name of ['constructor', '__proto__', 'toString']) client.handleMessage(signIn(name, 'token'));
    const { hookPayloads } = client as unknown as { hookPayloads: object };
    assert.deepEqual(Object.keys(hookPayloads), ['constructor', '__proto__', 'toString']);
    client.handleClose();
  });

  it('a document that has dropped a list of transactions says so, and a room empties it', () => {
    const room = new Room('plan');
    const dropped: unknown[][] = [];
    room.on('afterAllTransactions', (_document: unknown, transactions: unknown[]) => dropped.push(transactions));
    (room as unknown as Y.Doc).getText('default').insert(0, 'a');
    assert.deepEqual(dropped, [[]]);
    room.destroy();
  });
});
