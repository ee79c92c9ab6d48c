import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { it } from 'node:test';
import { testDatabase } from '../persistence/testing.ts';
import { FrameType } from '../protocol/frames.ts';
import { createApp } from '../server/app.ts';
import { startFailure } from '../server/commands/start-failure.ts';
import { readConfig } from '../server/config.ts';
import { RawSocket } from './raw-socket.ts';

it('a server listens on a Unix socket, for a proxy whose word about clients it takes', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'inkwire-test-socket-'));
  const database = await testDatabase();
  const socket = join(folder, 'inkwire.sock');
  const settings = { databaseUrl: database.url, socket, logLevel: 'silent', maxRequestsPerMinute: 5 };
  const closing: (() => Promise<unknown>)[] = [];
  t.after(async () => {
    for (const close of closing.reverse()) await close();
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  });
  // As a server leaves it that was killed.
  const killed = createServer().listen(socket);
  await once(killed, 'listening');
  await new Promise<void>((resolve) => {
    killed.unref();
    resolve();
  });
  await assert.rejects(createApp(settings), { code: 'EADDRINUSE' }, 'another server answers there');
  killed.close();
  await once(killed, 'close');
  const app = await createApp(settings);
  closing.push(() => app.close());
  assert.equal(app.url, `unix:${socket}`);
  assert.equal((await stat(socket)).mode & 0o777, 0o660);

  const ask = async (client: string): Promise<number> => {
    const asked = request({ socketPath: socket, path: '/api/documents', headers: { Host: 'localhost', 'X-Forwarded-For': client } });
    asked.end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    await text(response);
    return response.statusCode ?? 0;
  };
  for (let nth = 0; nth < 5; nth++) assert.equal(await ask('192.0.2.1'), 200);
  assert.deepEqual([await ask('192.0.2.1'), await ask('192.0.2.2')], [429, 200], 'clients are told apart by what the proxy says');

  const raw = await RawSocket.into(`ws+unix:${socket}:/collab`, 'plan');
  assert.equal(raw.count(FrameType.Auth), 1);
  raw.close();

  const file = join(folder, 'a-file');
  await writeFile(file, 'precious');
  const failure = await createApp({ ...settings, socket: file }).then(
    () => assert.fail('it listened'),
    (error: unknown) => startFailure(error, readConfig({ socket: file })),
  );
  assert.match(failure.message, /INKWIRE_SOCKET.*a-file.*no socket lies there/);
  assert.equal((await stat(file)).size, 8);
});
