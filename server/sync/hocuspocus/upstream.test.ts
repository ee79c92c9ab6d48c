import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import { Connection, Document, Hocuspocus, type HookName } from '@hocuspocus/server';
import { Doc } from 'yjs';
import { HOOKS } from './hook-table.ts';
import { UPSTREAM_VERSION } from './host.ts';
import { HostedDocument } from './hosted-document.ts';
import { onReadOnly } from './upstream.ts';

/** A socket that notes what it is sent. */
function socket() {
  const sent: unknown[] = [];
  return { sent, send: (data: unknown) => sent.push(data), close: () => {}, readyState: 1 };
}

function document(t: TestContext): HostedDocument {
  const hosted = new HostedDocument('plan', {});
  t.after(() => hosted.destroy());
  return hosted;
}

describe('the ground under the bends of Hocuspocus', () => {
  it('is the version that extensions are told', () => {
    const meta = new URL('../../../node_modules/@hocuspocus/server/package.json', import.meta.url);
    assert.equal(JSON.parse(readFileSync(meta, 'utf8')).version, UPSTREAM_VERSION);
  });

  it('bend 1: a document hands its own changes to the methods that a subclass replaces, and broadcasts none', (t) => {
    const hosted = document(t);
    const { sent, ...rest } = socket();
    new Connection(rest as never, new Request('http://x'), hosted.asUpstream, 'socket', {});
    const seen: string[] = [];
    hosted.host = { connectionOf: () => undefined, onUpdate: () => seen.push('text'), onAwareness: () => seen.push('presence') };
    (hosted as unknown as Doc).getText('default').insert(0, 'a');
    hosted.awareness.setLocalState({ here: true });
    assert.deepEqual(seen, ['text', 'presence']);
    assert.deepEqual(sent, [], 'the room broadcasts');
    hosted.broadcastStateless('news');
    assert.equal(sent.length, 1, 'what an extension sends still goes out');
  });

  it('bend 2: readOnly of a connection is asked of an accessor', (t) => {
    const connection = new Connection(socket() as never, new Request('http://x'), document(t).asUpstream, 'socket', {}, true);
    let readOnly = false;
    onReadOnly(
      connection,
      () => readOnly,
      (value) => {
        readOnly = value;
      },
    );
    assert.equal(connection.readOnly, false);
    connection.readOnly = true;
    assert.equal(readOnly, true);
  });

  it('bend 3: a connection sends presence to its socket while it is made, and nothing else', (t) => {
    const hosted = document(t);
    const one = socket();
    new Connection(one as never, new Request('http://x'), hosted.asUpstream, 'socket', {});
    assert.deepEqual(one.sent, []);
    hosted.awareness.setLocalState({ here: true });
    const other = socket();
    new Connection(other as never, new Request('http://x'), hosted.asUpstream, 'socket', {});
    assert.equal(other.sent.length, 1);
  });

  it('has no hook without a row in the table', () => {
    const named = new Set<string>(
      Object.keys(new Hocuspocus().configuration).filter((key) => /^(on|before|after)[A-Z]|^connected$/.test(key)),
    );
    assert.deepEqual(
      [...named].filter((name) => !(name in HOOKS)),
      [],
    );
    assert.ok(named.size > 15, 'the hooks are found where they are looked for');
    assert.equal(Object.keys(HOOKS).length, 25);
    const known: HookName[] = ['onTokenSync', 'beforeUnloadDocument'];
    assert.ok(known.every((name) => name in HOOKS));
    assert.ok(Document.prototype instanceof Doc);
  });
});
