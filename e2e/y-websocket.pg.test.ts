import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, it, type TestContext } from 'node:test';
import { WebSocket } from 'ws';
import { type TestDatabase, testDatabase } from '../persistence/testing.ts';
import { TokenPath } from './access/token-path.ts';
import { ServerProcess } from './server-process.ts';
import { until } from './wait.ts';
import { WriterClient } from './writer-client.ts';
import { YClient } from './y-client.ts';

describe("y-websocket's provider on a server of its own", () => {
  let server: ServerProcess;
  before(async () => {
    server = await ServerProcess.start();
  });
  after(() => server.dispose());

  const client = (t: TestContext, name: string, params?: Record<string, string>) => {
    const opened = new YClient(server.collab, name, params);
    t.after(() => opened.close());
    return opened;
  };

  it("[Y1] is in the same document as Hocuspocus' provider, with presence both ways", async (t) => {
    const [ada, bob] = [client(t, 'together'), client(t, 'together')];
    const grace = new WriterClient(server.collab, 'together');
    t.after(() => grace.close());
    ada.text.insert(0, 'from ada ');
    grace.document.getText('codemirror').insert(0, 'from grace ');
    const texts = () => [ada.text, bob.text, grace.document.getText('codemirror')].map(String);
    await until('all have all', () => texts().every((text) => text.includes('ada') && text === texts()[0] && text.includes('grace')));
    ada.provider.awareness.setLocalStateField('cursor', 1);
    grace.provider.setAwarenessField('cursor', 2);
    const cursors = (awareness: { getStates(): Map<number, { cursor?: number }> }) =>
      [...awareness.getStates().values()].map(({ cursor }) => cursor).filter((cursor) => cursor !== undefined);
    await until('everybody sees both', () =>
      [ada, bob, grace].every(({ provider }) => cursors(provider.awareness!).sort().join() === '1,2'),
    );
    ada.close();
    await until('a cursor goes with its socket', () => cursors(bob.provider.awareness).join() === '2');
  });

  it('[Y3] has its roots exported by name, and an export that finds nothing says where there is something', async (t) => {
    const ada = client(t, 'shapes', { acks: '1' });
    await ada.synced();
    ada.document.transact(() => {
      ada.text.insert(0, 'let x = 1;\nlet y = 2;');
      ada.document.getMap('shapes').set('a', { x: 1 });
    });
    await until('it is committed', () => ada.told.committed >= 2);
    const ask = (query: string) => fetch(`${server.url}/api/documents/shapes/export?${query}`);
    const empty = await ask('format=markdown');
    assert.deepEqual(
      [await empty.text(), empty.headers.get('inkwire-warnings'), empty.headers.get('inkwire-roots')],
      ['', '1', 'codemirror, shapes'],
    );
    assert.equal(await (await ask('format=text&root=codemirror')).text(), 'let x = 1;\nlet y = 2;');
    assert.match(await (await ask('format=html&root=codemirror')).text(), /let x = 1;/);
    assert.deepEqual(await (await ask('format=json&root=shapes')).json(), { a: { x: 1 } });
    for (const [query, detail] of [
      ['format=text&root=shapes', /is a map, which only JSON can hold/],
      ['format=text&root=none', /There is no root "none".*"codemirror" \(text\), "shapes" \(map\)/],
      ['format=yjs&root=shapes', /whole document/],
    ] as const) {
      const refused = await ask(query);
      assert.equal(refused.status, 400, query);
      assert.match(((await refused.json()) as { detail: string }).detail, detail);
    }
  });

  it('[Y1] names a document in the path as its provider writes it, slashes, spaces and all', async (t) => {
    for (const name of ['team/plan', 'ä b', 'a%2Fb']) {
      const writer = client(t, name);
      writer.text.insert(0, name);
      await writer.synced();
      const reader = new WriterClient(server.collab, decodeURIComponent(name));
      t.after(() => reader.close());
      await until(name, () => reader.document.getText('codemirror').toString() === name);
    }
    for (const [path, status] of [
      ['/y/', 400],
      ['/y/%ff', 400],
      ['/y/a%00b', 400],
      ['/z/a', 404],
    ] as const) {
      const socket = new WebSocket(server.collab.replace('/collab', path));
      socket.on('error', () => {});
      const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number; resume(): void }];
      response.resume();
      assert.equal(response.statusCode, status, path);
    }
  });

  it('[Y2] loses nothing that a client still holds when the server is killed, and tells who asks what is committed', async (t) => {
    const [ada, bob] = [client(t, 'killed', { acks: '1' }), client(t, 'killed')];
    await Promise.all([ada.synced(), bob.synced()]);
    for (let at = 0; at < 20; at++) ada.text.insert(0, `${at} `);
    await until('all are committed', () => ada.told.committed >= 20);
    await server.kill9();
    ada.text.insert(0, 'meanwhile ');
    await server.start();
    await until('both have all', () => String(bob.text).startsWith('meanwhile 19 18') && String(bob.text) === String(ada.text));
    const late = client(t, 'killed');
    await late.synced();
    assert.equal(String(late.text), String(ada.text));
  });

  it('[Y2] kills lose no edit that was acknowledged, though all its clients go with the server', async (t) => {
    const ada = client(t, 'gone', { acks: '1' });
    await ada.synced();
    // Its answer to the server's Step1 is an edit too.
    await until('its answer is committed', () => ada.told.committed === 1);
    for (let at = 0; at < 50; at++) ada.text.insert(0, '.');
    await until('some are committed', () => ada.told.committed > 1);
    const committed = ada.told.committed - 1;
    ada.close();
    await server.kill9();
    await server.start();
    const late = client(t, 'gone');
    await late.synced();
    assert.ok(late.text.length >= committed, `${late.text.length} of ${committed}`);
  });
});

describe('a token in the address of y-websocket', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.stop());

  const start = async (t: TestContext) => {
    const server = await TokenPath.start(t, await database.createDatabase());
    const client = (name: string, params: Record<string, string>) => {
      const opened = new YClient(server.path.collab, name, params);
      t.after(() => opened.close());
      return opened;
    };
    return { server, client };
  };

  it('[A1] lets nobody in without a role, and has the provider give up with the code that says why', async (t) => {
    const { server, client } = await start(t);
    const ada = client('plan', { token: await server.token('ada', { '*': 'edit' }) });
    ada.text.insert(0, 'nobody-may-read-this');
    await ada.synced();
    const other = await server.token('eve', { 'planet/*': 'admin' });
    for (const [params, code] of [
      [{}, 4401],
      [{ token: 'noise' }, 4401],
      [{ token: other }, 4403],
    ] as const) {
      const eve = client('plan', params);
      eve.text.insert(0, 'mine');
      await until(`${code}`, () => eve.gaveUp !== null);
      assert.deepEqual([eve.gaveUp, String(eve.text)], [code, 'mine']);
    }
    assert.equal(String(ada.text), 'nobody-may-read-this');
  });

  it('[A2] lets a viewer read and not write, now and when the role is lowered, and tells who asks of each edit', async (t) => {
    const { server, client } = await start(t);
    const [ada, victor] = [
      client('plan', { token: await server.token('ada', { '*': 'edit' }), acks: '1' }),
      client('plan', { token: await server.token('victor', { '*': 'view' }), acks: '1' }),
    ];
    await Promise.all([ada.synced(), victor.synced()]);
    ada.text.insert(0, 'read me');
    await until('it is read', () => String(victor.text) === 'read me');
    victor.text.insert(0, 'not mine ');
    await until('it is refused', () => victor.told.refused > 0);
    ada.text.insert(0, 'please ');
    await until('the next one comes', () => String(victor.text).includes('please'));
    assert.equal(String(ada.text), 'please read me');
  });

  it('[P1] gives presence the name of the token, whatever the client says, and nobody the cursor of another', async (t) => {
    const { server, client } = await start(t);
    const [ada, bob] = [
      client('plan', { token: await server.token('ada', { '*': 'edit' }) }),
      client('plan', { token: await server.token('bob', { '*': 'edit' }) }),
    ];
    ada.provider.awareness.setLocalStateField('user', { name: 'bob by token', id: 'bob' });
    const seen = () => bob.provider.awareness.getStates().get(ada.document.clientID)?.user;
    await until('bob sees ada', () => seen()?.name === 'ada by token');
    assert.equal(seen().id, 'ada');
  });

  it('[W9] ends with its time, unless another is sent in a message, which the server asks for', async (t) => {
    const { server, client } = await start(t);
    const ada = client('plan', { token: await server.token('ada', { '*': 'edit' }, 60) });
    await ada.synced();
    let asked = 0;
    const next = await server.token('ada', { '*': 'edit' }, 3_600);
    const bob = client('plan', { token: await server.token('ada', { '*': 'edit' }, 60) });
    bob.provider.messageHandlers[2] = () => {
      asked += 1;
      const bytes = Buffer.from(next);
      const length = bytes.length < 128 ? [bytes.length] : [(bytes.length & 127) | 128, bytes.length >> 7];
      bob.provider.ws?.send(new Uint8Array([2, 0, ...length, ...bytes]));
    };
    await bob.synced();
    server.pass(50);
    await until('it is asked for', () => asked > 0);
    server.pass(60);
    await until('who has none has to go', () => ada.gaveUp !== null);
    assert.equal(ada.gaveUp, 4440);
    assert.deepEqual([bob.gaveUp, bob.provider.wsconnected], [null, true]);
  });
});
