import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ServerProcess } from './server-process.ts';
import { until } from './wait.ts';
import { WriterClient } from './writer-client.ts';

const MAIN = fileURLToPath(new URL('../server/main.ts', import.meta.url));

function inkwire(...args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr }),
    );
  });
}

it('[B1] a backup under 50 writers, restored in another folder, has every edit that was acknowledged before it began', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'inkwire-test-backup-'));
  const server = await ServerProcess.start();
  const clients = Array.from({ length: 50 }, (_, at) => new WriterClient(server.collab, `document-${at % 10}`));
  let writing = true;
  t.after(async () => {
    writing = false;
    for (const client of clients) client.close();
    await server.dispose();
    await rm(folder, { recursive: true, force: true });
  });
  await Promise.all(clients.map((client) => client.synced()));
  const words: string[][] = clients.map(() => []);
  /** So many of each one's words were acknowledged. */
  const known = clients.map(() => 0);
  const writer = (async () => {
    while (writing) {
      for (const [at, { document, saved }] of clients.entries()) {
        if (saved) known[at] = words[at]!.length;
        const word = `${at}:${words[at]!.length}`;
        words[at]!.push(word);
        document.getArray('words').push([word]);
      }
      await pause(50);
    }
  })();
  await until('everybody was acknowledged something', () => known.every((count) => count > 2));
  const acknowledged = [...known];
  const file = join(folder, 'file.inkwire');
  const backup = await inkwire('backup', file, '--data-dir', server.dataDir);
  assert.equal(backup.code, 0, backup.output);
  assert.match(backup.output, /11 documents as of .*, read back and complete/);
  writing = false;
  await writer;

  const restored = join(folder, 'restored');
  const restore = await inkwire('restore', file, '--data-dir', restored);
  assert.equal(restore.code, 0, restore.output);
  const verified = await inkwire('verify', '--data-dir', restored);
  assert.match(verified.output, /11 documents with [\d,]+ updates: all are whole/);
  const other = await ServerProcess.start({ INKWIRE_DATA_DIR: restored });
  t.after(() => other.dispose());
  const readers = Array.from({ length: 10 }, (_, at) => new WriterClient(other.collab, `document-${at}`));
  t.after(() => {
    for (const reader of readers) reader.close();
  });
  await Promise.all(readers.map((reader) => reader.synced()));
  for (const [at, list] of words.entries()) {
    const held = new Set(readers[at % 10]!.document.getArray('words').toArray());
    const lost = list.slice(0, acknowledged[at]).filter((word) => !held.has(word));
    assert.deepEqual(lost, [], `writer ${at}`);
  }
  const again = await inkwire('restore', file, '--data-dir', restored);
  assert.equal(again.code, 1, 'a database that is in use, or full, takes nothing');
});

it('[B3] one document comes back beside the running server as it was at a time, under another name or as an edit of the live one', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'inkwire-test-backup-'));
  const server = await ServerProcess.start();
  t.after(async () => {
    await server.dispose();
    await rm(folder, { recursive: true, force: true });
  });
  const send = (method: string, path: string, markdown: string) =>
    fetch(`${server.url}${path}`, { method, headers: { 'Content-Type': 'text/markdown' }, body: markdown });
  const markdown = async (name: string) => (await fetch(`${server.url}/api/documents/${name}/export?format=markdown`)).text();
  await send('POST', '/api/documents?name=plan&title=Plan', 'Sow in *March*.\n');
  await pause(20);
  const then = new Date().toISOString();
  await pause(20);
  await send('PUT', '/api/documents/plan/content', 'Sow in *April*.\n');
  const file = join(folder, 'file.inkwire');
  assert.equal((await inkwire('backup', file, '--data-dir', server.dataDir)).code, 0);
  await send('PUT', '/api/documents/plan/content', 'Nothing.\n');

  const one = ['restore', file, '--data-dir', server.dataDir, '--server', server.url, '--document', 'plan'];
  const refused = await inkwire(...one);
  assert.deepEqual([refused.code, /There is a document "plan".*--as.*--replace/.test(refused.output)], [1, true], refused.output);
  const beside = await inkwire(...one, '--at', then, '--as', 'plan-then');
  assert.match(beside.output, /^"plan-then" is there: version 1, of .*, with its whole history/);
  assert.deepEqual([await markdown('plan-then'), await markdown('plan')], ['Sow in *March*.\n', 'Nothing.\n']);
  const again = await inkwire(...one, '--replace');
  assert.match(again.output, /^"plan" says again what "plan" said: version 2/);
  assert.equal(await markdown('plan'), 'Sow in *April*.\n');
  await fetch(`${server.url}/api/documents/plan`, { method: 'DELETE' });
  assert.equal((await inkwire(...one)).code, 0);
  assert.equal(await markdown('plan'), 'Sow in *April*.\n');
  const { title } = (await (await fetch(`${server.url}/api/documents/plan`)).json()) as { title: string };
  assert.equal(title, 'Plan');
  for (const [args, words] of [
    [['--at', 'yesterday'], /"yesterday" is no time/],
    [['--at', '2001-01-01T00:00:00Z'], /first written at/],
  ] as const) {
    assert.match((await inkwire(...one, ...args)).output, words);
  }
  assert.match((await inkwire('restore', file, '--as', 'x')).output, /--as goes with --document/);
  assert.match((await inkwire(...one.slice(0, -1), 'none')).output, /There is no document "none"/);
});
