import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { Extension, HookName } from '@hocuspocus/server';
import * as Y from 'yjs';
import { openPostgresStore } from '../../persistence/postgres-store.ts';
import { type TestDatabase, testDatabase } from '../../persistence/testing.ts';
import { HOOK_NAMES, HOOKS } from '../../server/sync/hocuspocus/hook-table.ts';
import { until } from '../wait.ts';
import { HookedServer } from './hooked-server.ts';

const oops = async () => {
  throw new Error('oops');
};

describe('an extension', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.stop());

  const start = async (t: TestContext, ...extensions: readonly Extension[]) =>
    HookedServer.start(t, await database.createDatabase(), extensions);

  /** What is stored of a document, read past the server. */
  async function storedText(server: HookedServer, url: string, name = 'plan'): Promise<string> {
    void server;
    const store = await openPostgresStore(url);
    const { snapshot, updates } = await store.load(name);
    await store.close();
    const document = new Y.Doc();
    for (const update of [...(snapshot === null ? [] : [snapshot]), ...updates]) Y.applyUpdate(document, update);
    return document.getText('text').toString();
  }

  it('hears of everything that happens, with what upstream tells', async (t) => {
    const heard = new Map<HookName, Record<string, unknown>[]>();
    const recorder = Object.fromEntries(
      HOOK_NAMES.map((name) => [
        name,
        async (payload: Record<string, unknown>) => {
          heard.set(name, [...(heard.get(name) ?? []), payload]);
          return name === 'onConnect' ? { from: 'onConnect' } : undefined;
        },
      ]),
    ) as Extension;
    const server = await start(t, { ...recorder, debounce: 10 } as Extension);
    const ada = server.client(t);
    await ada.synced();
    ada.text.insert(0, 'hello');
    ada.provider.setAwarenessField('user', { name: 'Ada' });
    ada.provider.sendStateless('a word');
    await ada.saved();
    await until('it is mirrored', () => heard.has('afterStoreDocument'));
    await until('presence is heard of', () => heard.has('onAwarenessUpdate'));
    server.instance.documents.get('plan')!.broadcastStateless('news');
    await ada.hears('stateless news');
    const connection = heard.get('connected')![0]!.connection as { requestToken(): void; socketId: string };
    connection.requestToken();
    await until('a token came', () => heard.has('onTokenSync'));
    await fetch(`${server.app.url}/healthz`);
    ada.close();
    await until('it is unloaded', () => heard.has('afterUnloadDocument'));
    await server.app.close();
    assert.deepEqual(
      HOOK_NAMES.filter((name) => !heard.has(name)),
      [],
    );
    const [authenticated] = heard.get('onAuthenticate')!;
    assert.equal(authenticated!.token, 'token');
    assert.deepEqual(authenticated!.context, { from: 'onConnect' }, 'what a hook returns is merged');
    assert.ok(authenticated!.requestHeaders instanceof Headers);
    assert.equal(heard.get('onLoadDocument')!.length, 1);
    const [change] = heard.get('onChange')!;
    assert.equal((change!.transactionOrigin as { source: string }).source, 'connection');
    assert.equal(change!.socketId, connection.socketId);
    assert.equal((change!.document as { getConnectionsCount: unknown }).getConnectionsCount instanceof Function, true);
  });

  it('refuses, lowers and speaks as it may', async (t) => {
    const server = await start(t, {
      onAuthenticate: async ({ token, connectionConfig }) => {
        if (token === 'nobody') throw Object.assign(new Error('no'), { reason: 'not-you' });
        connectionConfig.readOnly = token === 'reader';
      },
      onStateless: async ({ payload, connection, document }) => {
        if (payload === 'lower me') connection.readOnly = true;
        connection.sendStateless(`${payload}: ${connection.readOnly}`);
        document.broadcastStateless('all', (one) => one === connection);
      },
    });
    const [nobody, reader, writer] = [server.client(t, 'plan', 'nobody'), server.client(t, 'plan', 'reader'), server.client(t)];
    await nobody.hears('refused not-you');
    await Promise.all([reader.synced(), writer.synced()]);
    reader.text.insert(0, 'graffiti');
    writer.text.insert(0, 'text');
    await writer.saved();
    assert.equal(reader.provider.hasUnsyncedChanges, true);
    assert.equal(writer.text.toString(), 'text');
    assert.equal(server.instance.getConnectionsCount(), 2);
    writer.provider.sendStateless('lower me');
    await writer.hears('stateless lower me: true');
    await writer.hears('stateless all');
    writer.text.insert(4, ' too late');
    await until('it is told', () => writer.provider.authorizedScope === 'readonly');
    assert.equal(reader.heard.includes('stateless all'), false);
  });

  it('[D1] [D4] writes like anybody: logged, sent to everyone, and there for whoever comes later', async (t) => {
    const url = await database.createDatabase();
    const server = await HookedServer.start(t, url, [
      {
        connected: async ({ connection }) => void connection.document.getText('text').insert(0, 'welcome; '),
        onChange: async ({ document, update, transactionOrigin }) => {
          void update;
          if ((transactionOrigin as { source?: string } | null)?.source === 'connection') document.getMap('seen').set('by', 'hook');
        },
      },
    ]);
    const ada = server.client(t);
    await ada.reads('welcome; ');
    ada.text.insert(9, 'thanks');
    await ada.saved();
    await until('what the hook wrote is here', () => ada.document.getMap('seen').get('by') === 'hook');
    const direct = await server.instance.openDirectConnection('plan');
    await direct.transact((document) => document.getText('text').insert(15, '!'));
    await ada.reads('welcome; thanks!');
    await direct.disconnect();
    assert.equal(await storedText(server, url), 'welcome; thanks!');
  });

  it('is asked once for a name that the log does not know, and what it says is the first logged update', async (t) => {
    const url = await database.createDatabase();
    const asked: string[] = [];
    const old = new Y.Doc();
    old.getText('text').insert(0, 'from the old store');
    const store: Extension = {
      onLoadDocument: async ({ documentName }) => {
        asked.push(documentName);
        return Y.encodeStateAsUpdate(old);
      },
    };
    const server = await HookedServer.start(t, url, [store]);
    const [ada, bob] = [server.client(t), server.client(t)];
    await Promise.all([ada.reads('from the old store'), bob.reads('from the old store')]);
    await until('it is committed', async () => (await storedText(server, url)) === 'from the old store');
    ada.close();
    bob.close();
    await until('it is unloaded', () => server.instance.getDocumentsCount() === 0);
    const again = server.client(t);
    await again.reads('from the old store');
    assert.deepEqual(asked, ['plan']);
  });

  it('mirrors after the fact, and a mirror that fails or hangs holds up nobody', async (t) => {
    const url = await database.createDatabase();
    let stores = 0;
    const failing = { debounce: 10, onStoreDocument: async () => (stores++ % 2 === 0 ? oops() : new Promise(() => {})) } as Extension;
    const server = await HookedServer.start(t, url, [failing]);
    const ada = server.client(t);
    await ada.synced();
    ada.text.insert(0, 'saved');
    await ada.saved();
    await until('the mirror was asked', () => stores > 0);
    assert.equal(await storedText(server, url), 'saved');
    const startedAt = Date.now();
    await server.app.close();
    assert.ok(Date.now() - startedAt < 15_000, 'the server ends in its time');
    ada.close();
    await until('nothing keeps the process', () => !process.getActiveResourcesInfo().includes('Timeout'), 10_000);
  });

  for (const hook of [
    'onChange',
    'onStateless',
    'onDisconnect',
    'afterUnloadDocument',
    'onAwarenessUpdate',
    'beforeBroadcastStateless',
    'afterHandleMessage',
  ] as const) {
    it(`that throws in ${hook} costs nobody an edit, nor the server its life`, async (t) => {
      const server = await start(t, { [hook]: oops });
      for (const word of ['one', 'two']) {
        const ada = server.client(t);
        await ada.synced();
        ada.text.insert(0, word);
        ada.provider.setAwarenessField('user', { name: 'Ada' });
        ada.provider.sendStateless('word');
        server.instance.documents.get('plan')?.broadcastStateless('news');
        await ada.saved();
        ada.close();
        await until('it is unloaded', () => server.instance.getDocumentsCount() === 0);
      }
      const reader = server.client(t);
      await reader.reads('twoone');
    });
  }

  for (const hook of ['beforeHandleMessage', 'beforeSync'] as const) {
    it(`that throws in ${hook} ends the stay, and the frame was not handled`, async (t) => {
      const server = await start(t, {
        [hook]: async ({ connection }: { connection: { context: { isGood?: boolean } } }) => {
          if (!connection.context.isGood) await oops();
        },
        onAuthenticate: async ({ token }) => ({ isGood: token === 'good' }),
      });
      const [good, bad] = [server.client(t, 'plan', 'good'), server.client(t, 'plan', 'bad')];
      await good.synced();
      bad.text.insert(0, 'not taken');
      await bad.hears('close 4205');
      good.text.insert(0, 'taken');
      await good.saved();
      assert.equal(good.text.toString(), 'taken');
      assert.equal(bad.provider.hasUnsyncedChanges, true, 'nothing of it is acknowledged');
    });
  }

  it('rewrites presence, and keeps a document in memory', async (t) => {
    let keeps = true;
    const server = await start(t, {
      beforeHandleAwareness: async ({ states }) => {
        for (const state of states.values()) state.user = { name: 'somebody' };
      },
      beforeUnloadDocument: async () => {
        if (keeps) throw new Error('not yet');
      },
    });
    const [ada, bob] = [server.client(t), server.client(t)];
    await Promise.all([ada.synced(), bob.synced()]);
    ada.provider.setAwarenessField('user', { name: 'Ada' });
    await until('bob sees somebody', () => [...bob.provider.awareness!.getStates().values()].some(({ user }) => user?.name === 'somebody'));
    ada.close();
    bob.close();
    await until('nobody is there', () => server.instance.getConnectionsCount() === 0);
    assert.equal(server.instance.getDocumentsCount(), 1);
    keeps = false;
    const last = server.client(t);
    await last.synced();
    last.close();
    await until('it is unloaded', () => server.instance.getDocumentsCount() === 0);
  });

  it('that cannot be run keeps the server from starting, with a sentence', async () => {
    const databaseUrl = await database.createDatabase();
    for (const [extension, why] of [
      [{ onAuthentication: oops }, /onAuthentication, which is no hook\. Perhaps onAuthenticate was meant/],
      [{ onChange: 'text' }, /onChange of extension 1 is no function/],
      [{ yDocOptions: { gc: false } }, /keep what was deleted/],
      ['text', /no object with hooks/],
    ] as const) {
      await assert.rejects(createWith(databaseUrl, extension), why);
    }
  });

  it('has a row for each hook in docs/extensions.md, with the time it is given', () => {
    const page = readFileSync(new URL('../../docs/extensions.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| `(\w+)` \|.*\| (\d+) s; [^|]*\|$/gm)].map(([, name, seconds]) => [name, Number(seconds) * 1000]);
    assert.deepEqual(new Map(rows as [string, number][]), new Map(HOOK_NAMES.map((name) => [name, HOOKS[name].timeoutMs])));
  });
});

async function createWith(databaseUrl: string, extension: unknown): Promise<void> {
  const { createApp } = await import('../../server/app.ts');
  const app = await createApp({ databaseUrl, port: 0, secret: '', jwksUrl: '', logLevel: 'silent', extensions: [extension as Extension] });
  await app.close();
}
